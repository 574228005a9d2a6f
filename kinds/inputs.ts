import type { Kind, Properties, Property } from "./kind.ts";
import { effectivePolicy, type Policy } from "./policy.ts";
import type { LocalSettings } from "./settings.ts";
import { isSame, respelled } from "./shape.ts";
import { hasUnknown } from "./unknown.ts";

/** What a resource's inputs look like once checked: every list spelled out, nothing left to defaults. */
export interface CheckedInputs extends LocalSettings {
  name: string;
  /** The resource's place in its stack: see `declaredKey`. The engine shows no reviewer what begins with `__`. */
  __key?: string;
  /** Names of the properties that the program keeps secret, separated by commas. Unset: none. */
  __secrets?: string;
  /** Names of the properties whose change replaces the resource because the program wants it, separated by commas; `*`: all. */
  __replaceOn?: string;
  /** Every other property of the kind. */
  [property: string]: unknown;
}

/**
 * Fills in the defaults of inputs, so that the diff a reviewer sees shows every URL: an omitted list becomes what is derived for it, `[]`
 * stays empty, exact duplicates are dropped, order is kept.
 *
 * @param policy of the provider
 */
export function canonicalInputs(kind: Kind, news: Properties, policy: Policy): Properties {
  const inputs: Properties = { ...news };
  const own = effectivePolicy(news.policy, policy);
  for (const [name, { shape, derive }] of Object.entries(kind.properties)) {
    const value = inputs[name] ?? derive?.(news, own);
    if (value === undefined) continue;
    inputs[name] = shape.of === "list" && !isLocal(kind, name) && Array.isArray(value) ? distinct(value) : value;
  }
  return inputs;
}

function distinct(list: readonly unknown[]): unknown[] {
  return [...new Map(list.map((element) => [JSON.stringify(element), element])).values()];
}

/**
 * What an update has to send: the properties at CARTO that differ, by name. Lists differ as their shape says. Unknown values differ.
 *
 * @param current what is there
 * @param declared checked inputs
 */
export function differenceAtCarto(kind: Kind, current: Properties, declared: Properties): Properties {
  const differing = Object.entries(atCarto(kind)).filter(([name, { shape }]) => {
    const value = declared[name];
    if (value === undefined) return false;
    return hasUnknown(value) || !isSame(shape, current[name] ?? (shape.of === "list" ? [] : undefined), value);
  });
  return Object.fromEntries(differing.map(([name]) => [name, declared[name]]));
}

/** Whether the provider's own settings differ. */
export function localSettingsDiffer(kind: Kind, current: Properties, declared: Properties): boolean {
  return Object.keys(kind.properties).some(
    (name) => isLocal(kind, name) && JSON.stringify(current[name]) !== JSON.stringify(declared[name]),
  );
}

/**
 * The properties whose change replaces the resource: by their kind, or because the program wants it. A local one that is taken away changes
 * nothing.
 */
export function replacingChanges(kind: Kind, current: Properties, declared: CheckedInputs): string[] {
  const asked = declared.__replaceOn?.split(",") ?? [];
  const differing = asked.length === 0 ? [] : Object.keys(differenceAtCarto(kind, current, declared));
  const byKind = Object.entries(kind.properties)
    .filter(([name, { change, local, shape }]) => {
      if (change !== "replaces" || (local && declared[name] === undefined)) return false;
      return !isSame(shape, current[name], declared[name]);
    })
    .map(([name]) => name);
  return [...new Set([...byKind, ...differing.filter((name) => asked.includes(name) || asked.includes("*"))])];
}

/** The provider's own settings, those that are set. */
export function localSettings(kind: Kind, inputs: Properties): Properties {
  return pick(
    inputs,
    Object.keys(kind.properties).filter((name) => isLocal(kind, name)),
  );
}

/** What of the inputs reaches CARTO, those that are set. */
export function propertiesAtCarto(kind: Kind, inputs: object): Properties {
  return pick(inputs, Object.keys(atCarto(kind)));
}

/** What an update of the whole declaration sends: what CARTO takes at creation only is not part of it. */
export function updatableProperties(kind: Kind, inputs: object): Properties {
  const names = Object.entries(atCarto(kind)).filter(([, { change }]) => change === "updates");
  return pick(
    inputs,
    names.map(([name]) => name),
  );
}

/**
 * The inputs that a resource at CARTO amounts to. What means the same as before keeps its spelling and its order: CARTO is free to write
 * hosts in lower case and to sort lists.
 *
 * @param stored as CARTO has it
 * @param before inputs or state: the order of lists, and the provider's own settings, which CARTO does not keep
 */
export function inputsOf(kind: Kind, stored: object, before: Properties): Properties {
  const inputs = propertiesAtCarto(kind, stored);
  for (const [name, { shape }] of Object.entries(atCarto(kind))) {
    if (inputs[name] !== undefined) inputs[name] = respelled(shape, inputs[name], before[name]);
  }
  return { ...inputs, ...localSettings(kind, before) };
}

/** Names of the properties that may not be left out. */
export function requiredProperties({ properties }: Kind): string[] {
  return Object.keys(properties).filter((name) => properties[name]?.required);
}

/** Names of the outputs that are secret. */
export function secretOutputs({ outputs }: Kind): string[] {
  return Object.keys(outputs).filter((name) => outputs[name]?.secret);
}

/** The members of an object that are named and set. */
export function pick(object: object, names: readonly string[]): Properties {
  const members: Properties = { ...object };
  return Object.fromEntries(names.filter((name) => members[name] !== undefined).map((name) => [name, members[name]]));
}

function atCarto({ properties }: Kind): Record<string, Property> {
  return Object.fromEntries(Object.entries(properties).filter(([, { local }]) => !local));
}

function isLocal({ properties }: Kind, name: string): boolean {
  return properties[name]?.local === true;
}
