import { KINDS, type KindId } from "../kinds/index.ts";
import type { Output } from "../kinds/kind.ts";
import { managedResources, type State } from "./stack-state.ts";

/** What a client logs in with, according to the state of its stack. */
export interface Credentials {
  /** Logical name. */
  client: string;
  kind: KindId;
  /** Its ID, under the name that the kind gives it, e.g. `clientId`. */
  id: { name: string; value: string };
  /** Its secrets by the names of the kind's outputs, e.g. `clientSecret`. A value is undefined where the state was read without secrets. */
  secrets: Record<string, string | undefined>;
}

/** How the engine marks a secret in an exported state; decrypted, it holds the value as JSON text. */
interface ExportedSecret {
  plaintext?: string;
}

/** The credentials of the clients that a state manages, in the order of the state. */
export function credentialsOf(state: State): Credentials[] {
  return managedResources(state).map(({ kind, logicalName, id, outputs = {} }) => {
    const named = Object.entries<Output>(KINDS[kind].outputs);
    const [idName = "id"] = named.find(([, output]) => output.id) ?? [];
    const secrets = named
      .filter(([name, output]) => output.secret && outputs[name] !== undefined)
      .map(([name]) => [name, plainText(outputs[name])]);
    return { client: logicalName, kind, id: { name: idName, value: id }, secrets: Object.fromEntries(secrets) };
  });
}

function plainText(value: unknown): string | undefined {
  if (typeof value === "string") return value; // an older state may hold it in plain
  const { plaintext }: ExportedSecret = Object(value);
  return plaintext === undefined ? undefined : String(JSON.parse(plaintext));
}
