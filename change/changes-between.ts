import type { Change } from "./change.ts";
import { type ClientVersion, compareClientVersions, type Reviewer } from "./compare.ts";
import type { Context } from "./controls.ts";
import { markRenames } from "./rename.ts";

/** What a comparison of two sets of declarations takes besides them. */
export interface Reviewers {
  /** Of the newer versions. */
  reviewer?: Reviewer;
  /** Of the older versions. */
  oldReviewer?: Reviewer;
  context?: Context;
}

/** The changes between two sets of declarations in one environment; clients are matched by kind and logical name. */
export function changesBetween(
  environment: string,
  olds: readonly ClientVersion[],
  news: readonly ClientVersion[],
  { reviewer, oldReviewer, context }: Reviewers = {},
): Change[] {
  const older = new Map(olds.map((version) => [versionKey(version), version]));
  const newer = new Map(news.map((version) => [versionKey(version), version]));
  for (const version of news) {
    const key = versionKey(version);
    const former = older.has(key) ? undefined : formerKey(version, older, newer);
    const renamed = former === undefined ? undefined : older.get(former);
    if (former === undefined || renamed === undefined) continue;
    older.set(key, renamed);
    older.delete(former);
  }
  const compared = [...new Set([...older.keys(), ...newer.keys()])].map((key) => {
    const [before, after] = [older.get(key), newer.get(key)];
    const change = compareClientVersions(environment, before, after, {
      ...(after && reviewer && { review: reviewer(after) }),
      ...(before && oldReviewer && { oldReview: oldReviewer(before) }),
      ...(context && { context }),
    });
    return [change, after ?? before] as const;
  });
  return markRenames(compared);
}

/** The key of the older version that a renamed client was. */
function formerKey(
  { kind, aliases = [] }: ClientVersion,
  older: ReadonlyMap<string, ClientVersion>,
  newer: ReadonlyMap<string, ClientVersion>,
): string | undefined {
  const keys = aliases.map((logicalName) => versionKey({ kind, logicalName }));
  return keys.find((key) => older.has(key) && !newer.has(key));
}

const versionKey = ({ kind, logicalName }: Pick<ClientVersion, "kind" | "logicalName">) => `${kind}:${logicalName}`;
