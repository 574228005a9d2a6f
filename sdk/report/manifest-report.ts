import type { Change } from "../change.ts";
import { type ClientVersion, changesBetween } from "../changes.ts";
import { judgeByManifest } from "../judgement.ts";
import type { DeclaredClient, Environment } from "../manifest/environment.ts";
import type { ManifestFailure as FileFailure } from "../manifest/failure.ts";
import { type ManifestResult, readManifest } from "../manifest/read-manifest.ts";
import { buildReport, type ManifestFailure, type Report } from "./report.ts";
import { plural } from "./wording.ts";

/** One version of a manifest. */
export interface ManifestVersion {
  /** As it shall stand in the report. */
  file: string;
  /** Its content; empty: there is no manifest. */
  text: string;
}

export interface BetweenOptions {
  /** Values of `${NAME}`. Unset: none. */
  variables?: Readonly<Record<string, string | undefined>>;
  /** The environments to compare, in this order. Unset: all of the newer, then those that only the older has. */
  environments?: readonly string[];
}

/**
 * What would change from one version of a manifest to another. Pure: no engine, no credentials, no network, so it is safe for pull
 * requests from forks. Manifests know no client IDs, so there are none in it. Failures of either version are all that is reported:
 * what is refused cannot be compared.
 */
export function reportBetween(older: ManifestVersion, newer: ManifestVersion, options: BetweenOptions = {}): Report {
  const [olds, news] = [read(older, options), read(newer, options)];
  const present = [...news.environments, ...olds.environments].map(({ name }) => name);
  const environments = options.environments ?? [...new Set(present)];
  const failures = [...news.failures, ...olds.failures];
  if (failures.length === 0) {
    for (const name of environments.filter((name) => !present.includes(name))) failures.push(missing(newer.file, name));
  }
  const changes: Change[] = [];
  const notes: string[] = [];
  for (const name of failures.length > 0 ? [] : environments) {
    const before = olds.environments.find((environment) => environment.name === name)?.clients ?? [];
    const after = news.environments.find((environment) => environment.name === name)?.clients;
    if (after || news.empty) changes.push(...compare(name, before, after ?? [], newer.file));
    else notes.push(leftNote(name, before.length));
  }
  return buildReport({ source: "diff", environments, changes, failures, notes, manifest: newer.file });
}

/** A failure as a report has it. */
export function reportedFailure({
  file,
  line,
  column,
  path,
  reason,
  rule,
  environments,
}: FileFailure): ManifestFailure {
  const location = { file, line, column };
  return { property: path, reason, rule, location, ...(environments && { environments }) };
}

interface Read {
  empty: boolean;
  environments: Environment[];
  failures: ManifestFailure[];
}

function read({ file, text }: ManifestVersion, { variables = {}, environments }: BetweenOptions): Read {
  if (text.trim() === "") return { empty: true, environments: [], failures: [] };
  // One by one, because an environment may be in one version only, and another may lack its variables here.
  const results = (environments ?? [undefined]).map((name) =>
    readManifest(text, { file, variables, ...(name !== undefined && { environments: [name] }) }),
  );
  const failures = new Map<string, ManifestFailure>();
  for (const failure of results.flatMap((result) => (isAbsent(result) ? [] : result.failures))) {
    failures.set(JSON.stringify(failure), reportedFailure(failure));
  }
  return {
    empty: false,
    environments: results.flatMap(({ manifest }) => manifest?.environments ?? []),
    failures: [...failures.values()],
  };
}

function isAbsent({ failures }: ManifestResult): boolean {
  return failures.length > 0 && failures.every(({ rule }) => rule === "unknown-environment");
}

function compare(environment: string, olds: DeclaredClient[], news: DeclaredClient[], file: string): Change[] {
  return changesBetween(environment, olds.map(versionOf), news.map(versionOf), judgeByManifest(news, file));
}

function versionOf({ logicalName, kind, inputs }: DeclaredClient): ClientVersion {
  return { logicalName, kind, inputs: { ...inputs } };
}

function missing(file: string, name: string): ManifestFailure {
  const reason = `${JSON.stringify(name)} is an environment of neither version: write one that is.`;
  return { property: "environments", reason, rule: "unknown-environment", location: { file, line: 1, column: 1 } };
}

function leftNote(name: string, count: number): string {
  const clients = `its ${count} ${plural(count, "client stays", "clients stay")}`;
  return `Environment ${name} is no longer in the manifest: ${clients} at CARTO, unmanaged. Destroy it first to delete them.`;
}
