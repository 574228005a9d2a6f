import { createHash } from "node:crypto";

const ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";
/** 60 bits. */
const LENGTH = 12;
const CARTO_NAME = /^(.*) \(pc-([a-z2-7]{12})\)$/su;

/**
 * The part that makes a token's name unique at CARTO: a function of `key` alone, so that an interrupted create finds its token again by its
 * name, and another rotation never does.
 */
export function suffixOf(key: string): string {
  const bytes = createHash("sha256").update(key).digest().subarray(0, LENGTH);
  return Array.from(bytes, (byte) => ALPHABET[byte % ALPHABET.length]).join("");
}

/** The name at CARTO, e.g. `Store map (pc-k3j7x2m4q5w6)`; without suffix the name itself, as of a token that was made elsewhere. */
export function cartoNameOf(name: string, suffix: string | undefined): string {
  return suffix === undefined ? name : `${name} (pc-${suffix})`;
}

/** Takes a name at CARTO apart. */
export function readCartoName(cartoName: string): { name: string; suffix: string | undefined } {
  const [, name, suffix] = CARTO_NAME.exec(cartoName) ?? [];
  return name ? { name, suffix } : { name: cartoName, suffix: undefined };
}
