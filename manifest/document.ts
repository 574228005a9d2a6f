/** A map of a document, or of a part of it. */
export type Entries = Record<string, unknown>;

/** Whether a part of a document is a map. */
export const isMap = (value: unknown): value is Entries =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The entries of a map, none of anything else; without a prototype: a client may be called `constructor`. */
export const entriesOf = (value: unknown): Entries => Object.assign(Object.create(null), isMap(value) ? value : {});

/** The names of the environments, in the order of the file. */
export function environmentNames(document: unknown): string[] {
  return Object.keys(entriesOf(entriesOf(document).environments));
}

/** `variables` of the manifest, without a prototype. */
export function variablesOf(document: unknown): Readonly<Record<string, unknown>> {
  return entriesOf(entriesOf(document).variables);
}

/** The stack that an environment declares, variables not filled in. */
export function stackOf(document: unknown, name: string): unknown {
  return entriesOf(entriesOf(entriesOf(document).environments)[name]).stack;
}
