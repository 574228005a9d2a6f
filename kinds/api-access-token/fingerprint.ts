import { createHash } from "node:crypto";

/** 96 bits of the hash. */
const HEX_DIGITS = 24;

/** Whether a text could be a fingerprint, and so is not a token itself. */
export function isFingerprint(text: string): boolean {
  return new RegExp(`^sha256-[0-9a-f]{${HEX_DIGITS}}$`).test(text);
}

/**
 * Identifies a token where the token itself must not appear: `sha256-` and the first 24 hexadecimal digits of its SHA-256. It is the
 * resource's ID. A token holds far more chance than a hash could be searched for, so the fingerprint does not give it away.
 */
export function fingerprint(token: string): string {
  return `sha256-${createHash("sha256").update(token).digest("hex").slice(0, HEX_DIGITS)}`;
}
