import { isMarkedSecret, markSecret } from "../host/messages.ts";
import type { Properties } from "../host/provider-core.ts";
import type { SecretValues } from "../provider/secret-values.ts";

/** Properties without the engine's marks, and what they were on. */
export interface Unsealed {
  plain: Properties;
  /** Names of the properties that are secret, or have a secret somewhere in them. */
  secrets: ReadonlySet<string>;
}

/**
 * Removes the engine's marks.
 *
 * @param seen takes what is secret: no message may quote it
 */
export function unseal(properties: Properties, seen: SecretValues): Unsealed {
  const secrets = new Set<string>();
  const plain = Object.entries(properties).map(([name, value]) => {
    const unsealed = unsealValue(value, () => secrets.add(name));
    return [name, unsealed] as const;
  });
  const unsealed = { plain: Object.fromEntries(plain), secrets };
  seen.learn({ ...unsealed.plain, __secrets: [...secrets].join(",") });
  return unsealed;
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
