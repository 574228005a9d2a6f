import { isMarkedSecret, markSecret } from "../host/messages.ts";
import type { Properties } from "../host/provider-core.ts";

/** Properties without the engine's marks, and what they were on. */
export interface Unsealed {
  plain: Properties;
  /** Names of the properties that are secret, or have a secret somewhere in them. */
  secrets: ReadonlySet<string>;
}

/** Takes the engine's marks off. */
export function unseal(properties: Properties): Unsealed {
  const secrets = new Set<string>();
  const plain = Object.entries(properties).map(([name, value]) => {
    const unsealed = unsealValue(value, () => secrets.add(name));
    return [name, unsealed] as const;
  });
  return { plain: Object.fromEntries(plain), secrets };
}

function unsealValue(value: unknown, found: () => void): unknown {
  if (isMarkedSecret(value)) {
    found();
    return unsealValue(value.value, found);
  }
  if (Array.isArray(value)) return value.map((element) => unsealValue(element, found));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, unsealValue(member, found)]));
}

/** Puts the engine's mark on the properties that are named and set. */
export function seal(properties: Properties, secrets: ReadonlySet<string>): Properties {
  return Object.fromEntries(
    Object.entries(properties).map(([name, value]) => [
      name,
      value !== undefined && secrets.has(name) ? markSecret(value) : value,
    ]),
  );
}
