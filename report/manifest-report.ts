import type { Change, Location } from "../change/change.ts";
import { changesBetween } from "../change/changes-between.ts";
import {
  type EnvironmentVersion,
  environmentExposures,
  environmentLeft,
  type Setting,
} from "../change/environment-exposures.ts";
import type { EnvironmentExposure } from "../change/exposure.ts";
import { type Declaration, reviewByManifest, versionOf } from "../change/review.ts";
import { noteUnprotected } from "../change/unprotect.ts";
import type { RefusedEnvironment } from "../manifest/environment.ts";
import type { ManifestFailure as FileFailure } from "../manifest/failure.ts";
import { declaredVariables, type ManifestResult, readManifest } from "../manifest/read-manifest.ts";
import { renamedEnvironments, stackNote } from "./renamed-environments.ts";
import { buildReport, type ManifestFailure, type Report } from "./report.ts";
import { readStackSettings, type StackSettings, type StackSettingsFile } from "./stack-settings.ts";
import { plural } from "./wording.ts";

/** One version of a manifest. */
export interface ManifestVersion {
  /** As it shall stand in the report. */
  file: string;
  /** Its content; empty: there is no manifest. */
  text: string;
  /** `Pulumi.<stack>.yaml` beside it, by stack. Unset: none is compared. */
  stackSettings?: Readonly<Record<string, StackSettingsFile>>;
  /** `Pulumi.yaml` beside it, whose configuration holds for every stack. Unset: it is not compared. */
  projectSettings?: StackSettingsFile;
}

/** What a report between two manifests takes besides them. */
export interface BetweenOptions {
  /** Values of `${NAME}`, as of `--var`. Unset: none. */
  variables?: Readonly<Record<string, string | undefined>>;
  /** Where both versions find the variables that the older one declares. Unset: nowhere. */
  environmentVariables?: Readonly<Record<string, string | undefined>>;
  /** The environments to compare, in this order. Unset: all of the newer, then those that only the older has. */
  environments?: readonly string[];
}

/**
 * Reports what would change from one version of a manifest to another. Pure: no engine, no credentials, no network, so it is safe for pull
 * requests from forks. Manifests know no client IDs, so there are none in it. Rules that clients of the newer version break stand at these
 * clients; those of the older are history, and a note counts them. A version that is no manifest at all cannot be compared: its failures
 * are all that is reported then.
 */
export function reportBetween(older: ManifestVersion, newer: ManifestVersion, asked: BetweenOptions = {}): Report {
  const options = { ...asked, environmentVariables: trustedVariables(older, asked) };
  const [olds, news] = [read(older, options), read(newer, options)];
  const present = [...news.environments, ...olds.environments].map(({ name }) => name);
  const environments = options.environments ?? [...new Set(present)];
  const failures = [...news.failures, ...olds.failures];
  const notes: string[] = [];
  if (failures.length === 0) {
    for (const name of environments.filter((name) => !present.includes(name))) failures.push(missing(newer.file, name));
    if (olds.broken > 0) notes.push(historyNote(older.file, olds.broken));
  } else if (news.failures.length === 0) notes.push(unreadNote(older.file));
  notes.push(...newVariableNotes(older, newer, failures));
  const changes: Change[] = [];
  const exposures: EnvironmentExposure[] = [];
  const added = news.environments.filter(({ name }) => !olds.environments.some((one) => one.name === name));
  const renamed = options.environments ? [] : renamedEnvironments(olds.environments, news.environments, added);
  for (const name of failures.length > 0 ? [] : environments) {
    const was = renamed.find(([, next]) => next === name)?.[0] ?? name;
    const before = olds.environments.find((environment) => environment.name === was);
    const after = news.environments.find((environment) => environment.name === name);
    if (after) {
      exposures.push(...environmentExposures(before, after, olds.environments));
      if (was !== name) notes.push(`Environment ${was} is now called ${name}; ${stackNote(before, after)}.`);
    }
    if (after || news.empty) changes.push(...compare(name, before, after, [older.file, newer.file]));
    else if (before && !renamed.some(([old]) => old === name)) {
      exposures.push(...environmentLeft(before, added, { file: newer.file, line: 1, column: 1 }));
    }
  }
  const isGone = (name: string) => renamed.some(([old]) => old === name);
  return buildReport({
    source: "diff",
    environments: environments.filter((name) => !isGone(name)),
    changes,
    exposures,
    trustedDomains: olds.environments.flatMap(({ trustedDomains = [] }) => trustedDomains),
    failures,
    notes,
    manifest: newer.file,
  });
}

/** The change under review cannot choose which variables of the pipeline a report prints: the version before it did. */
function trustedVariables(older: ManifestVersion, { environmentVariables = {} }: BetweenOptions) {
  return Object.fromEntries(declaredVariables(older.text).map((name) => [name, environmentVariables[name]]));
}

function newVariableNotes(older: ManifestVersion, newer: ManifestVersion, failures: ManifestFailure[]): string[] {
  if (failures.every(({ rule }) => rule !== "variable")) return [];
  const known = new Set(declaredVariables(older.text));
  return declaredVariables(newer.text)
    .filter((name) => !known.has(name))
    .map(
      (name) =>
        `Variable ${name} is new in ${newer.file}: its value is not taken from the environment here, give it with --var or a default.`,
    );
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

/** What is compared of an environment, be it refused or not. */
interface ComparedEnvironment extends EnvironmentVersion {
  declarations: Declaration[];
}

interface Read {
  empty: boolean;
  environments: ComparedEnvironment[];
  /** Why it cannot be compared. */
  failures: ManifestFailure[];
  /** How many rules its clients break. */
  broken: number;
}

function read(version: ManifestVersion, { environments, ...values }: BetweenOptions): Read {
  const { file, text, stackSettings = {}, projectSettings } = version;
  if (text.trim() === "") return { empty: true, environments: [], failures: [], broken: 0 };
  // One by one, because an environment may be in one version only, and another may lack its variables here.
  const settings = [
    ...readStackSettings(undefined, projectSettings).failures,
    ...Object.values(stackSettings).flatMap((one) => readStackSettings(one, undefined).failures),
  ];
  const results = (environments ?? [undefined]).map((name) =>
    readManifest(text, { file, now: "any", ...values, ...(name !== undefined && { environments: [name] }) }),
  );
  const distinct = (some: ManifestResult[]): ManifestFailure[] => {
    const failures = some.flatMap((result) => result.failures.map(reportedFailure));
    return [...new Map(failures.map((failure) => [JSON.stringify(failure), failure])).values()];
  };
  return {
    empty: false,
    environments: results.flatMap(({ manifest, refused }): ComparedEnvironment[] => {
      const { project = "", environments = [] } = manifest ?? refused ?? {};
      return environments.map((environment) => {
        const own = stackSettings[environment.stack.split("/").at(-1) ?? ""];
        return comparedEnvironment(environment, project, file, readStackSettings(own, projectSettings));
      });
    }),
    failures: [...distinct(results.filter((result) => result.refused === undefined && !isAbsent(result))), ...settings],
    // A variable in what is refused but compared matters to a deployment only.
    broken: distinct(results.filter(({ refused }) => refused)).filter(({ rule }) => rule !== "variable").length,
  };
}

function isAbsent({ failures }: ManifestResult): boolean {
  return failures.length > 0 && failures.every(({ rule }) => rule === "unknown-environment");
}

function comparedEnvironment(
  environment: Omit<RefusedEnvironment, "clients"> & { clients: readonly Declaration[] },
  project: string,
  file: string,
  settings: StackSettings,
): ComparedEnvironment {
  const { name, stack, movedFrom, backend, secretsProvider, policy } = environment;
  const { tenant = {}, trustedDomains, clients, location } = environment;
  // Of a value that a variable gives, only the variable is shown: a backend may hold a secret.
  const setting = (name: string, value: string | undefined): Setting | undefined =>
    value === undefined ? undefined : { value, text: environment.text(name) ?? value };
  const place = (setting: string): Location => settings.locate(setting) ?? { file, ...location(setting) };
  return {
    name,
    policy: policy ?? settings.policy,
    trustedDomains,
    exceptions: settings.exceptions,
    state: {
      project: { value: project, text: project },
      stack: setting("stack", stack),
      backend: setting("backend", backend),
      secretsProvider: setting("secretsProvider", secretsProvider),
      ...settings.state,
    },
    tenant: {
      ...Object.fromEntries(
        Object.entries(tenant).map(([name, value]) => [`tenant.${name}`, setting(`tenant.${name}`, String(value))]),
      ),
      ...settings.tenant,
    },
    clients: clients.map(({ logicalName }) => logicalName),
    movedFrom,
    declarations: [...clients],
    locate: place,
  };
}

function compare(
  environment: string,
  before: ComparedEnvironment | undefined,
  after: ComparedEnvironment | undefined,
  [olderFile, newerFile]: [string, string],
): Change[] {
  const [olds, news] = [before?.declarations ?? [], after?.declarations ?? []];
  const changes = changesBetween(environment, olds.map(versionOf), news.map(versionOf), {
    reviewer: reviewByManifest(news, newerFile),
    oldReviewer: reviewByManifest(olds, olderFile),
    context: {
      policy: { ...(before?.policy && { old: before.policy }), ...(after?.policy && { new: after.policy }) },
      trustedDomains: before?.trustedDomains,
      newTrustedDomains: after?.trustedDomains,
    },
  });
  return noteUnprotected(changes, after?.exceptions["carto:unprotect"] ?? []);
}

function missing(file: string, name: string): ManifestFailure {
  const reason = `${JSON.stringify(name)} is an environment of neither version: write one that is.`;
  return { property: "environments", reason, rule: "unknown-environment", location: { file, line: 1, column: 1 } };
}

function historyNote(file: string, count: number): string {
  const rules = plural(count, "a rule is broken", `${count} rules are broken`);
  return `In ${file}, the older version, ${rules}: that is history: only the newer version is checked.`;
}

function unreadNote(file: string): string {
  return `Only ${file}, the older version, is refused: give an empty file in its place to see all that the newer one declares.`;
}
