/** A released version, e.g. `[3, 255, 0]`. */
export type Version = readonly [major: number, minor: number, patch: number];

/** The oldest engine whose `pulumi import --file` takes inputs and outputs. */
export const OLDEST_ENGINE: Version = [3, 254, 0];

/** Reads `v3.255.0`, `3.255.0` or `3.255.0-alpha.1` (as the release it precedes); anything else: undefined. */
export function parseVersion(text: string): Version | undefined {
  const match = /^v?(\d+)\.(\d+)\.(\d+)(?:[-+][\w.+-]+)?$/.exec(text.trim());
  return match ? [Number(match[1]), Number(match[2]), Number(match[3])] : undefined;
}

/** Negative when `a` is older than `b`, zero when they are the same. */
export function compareVersions(a: Version, b: Version): number {
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2];
}

/** A version as text, e.g. `3.255.0`. */
export function formatVersion(version: Version): string {
  return version.join(".");
}
