import type { Failure, Finding } from "../kinds/failure.ts";
import { KINDS } from "../kinds/index.ts";
import { untrustedHosts } from "../kinds/trusted-domains.ts";
import {
  type DeclaredClient,
  type Environment,
  type EnvironmentFailure,
  environmentNames,
  type LaidOutClient,
  type LaidOutEnvironment,
  layOut,
  type RefusedClient,
  type RefusedEnvironment,
  stackOf,
  type TrustIn,
  variablesOf,
} from "./environment.ts";
import { formatPath, type Location, type ManifestFailure, type ManifestFinding, parsePath } from "./failure.ts";
import { MOST_FAILURES, tooMuch } from "./limits.ts";
import { manifestShape } from "./shape.ts";
import { shapeFailures } from "./shape-failure.ts";
import { suggest } from "./suggestion.ts";
import { parseSource, type Source } from "./syntax.ts";
import { declarationFailures, interpolate, type Lookup, soundsSecret, variableLookup } from "./variables.ts";

/** What reading a manifest needs to know. */
export interface ReadManifestOptions {
  /** Stands in failures as given. Unset: `clients.yaml`. */
  file?: string;
  /** Values of `${NAME}`, whether or not the manifest declares it; usually those of `--var`. Unset: none. */
  variables?: Readonly<Record<string, string | undefined>>;
  /** Where the variables that the manifest declares have their values; usually `process.env`. Unset: nowhere. */
  environmentVariables?: Readonly<Record<string, string | undefined>>;
  /** The environments to read, in this order. Unset: see `stack`. */
  environments?: readonly string[];
  /**
   * The environment of this name or with this stack; in a file without environments the clients as they are, with `${stack}` being
   * this. Unset: every environment of the file, or the clients as they are where it has none.
   */
  stack?: string;
  /** Which hosts may receive credentials. Unset: hosts are not judged here, only before a request. */
  trustIn?: TrustIn;
  /** Milliseconds since the epoch, for rules on the time; `"any"`: these rules are left out. Unset: the clock. */
  now?: number | "any";
}

/** A manifest that holds what its rules ask. */
export interface Manifest {
  /** Pulumi project name. Unset in the file: `pulumi-carto`. */
  project: string;
  environments: Environment[];
  /** Advice on the clients, and what `allow` excuses, in the order of the file. */
  findings: ManifestFinding[];
}

/** A manifest that is refused for its clients, or for variables that only a deployment needs. */
export interface RefusedManifest {
  project: string;
  environments: RefusedEnvironment[];
}

/**
 * A manifest, or why it is none. `refused` is there where clients break rules, or the `backend`, `secretsProvider` or `tenant` of an
 * environment has a variable without value, and the file is sound otherwise: who compares or shows clients can still do so. Nothing of
 * it can be declared or deployed, and the types of its clients let nobody.
 */
export type ManifestResult =
  | { manifest: Manifest; failures: []; refused?: undefined }
  | { manifest?: undefined; failures: ManifestFailure[]; refused?: RefusedManifest };

/**
 * Reads `clients.yaml`.
 *
 * @returns the manifest, or everything that is wrong with it at once, in the order of the file: syntax first (nothing else can be
 * said then), otherwise shape, variables and the rules of each client together, under the same rule ids as the resources use
 */
export function readManifest(text: string, options: ReadManifestOptions = {}): ManifestResult {
  const { file = "clients.yaml", variables = {}, environmentVariables = {} } = options;
  const parsed = parseSource(text);
  const { source } = parsed;
  if (source === undefined) {
    const failures = parsed.failures.map(({ at, path, reason, rule }) => ({
      file,
      ...at,
      path: formatPath(path),
      reason,
      rule,
    }));
    return { failures: sorted(failures) };
  }

  const document = source.value;
  const declared = environmentNames(document);
  const place = (remark: EnvironmentFailure, environments?: string[]): ManifestFinding => {
    const { path, atKey, unset: _, ...rest } = remark;
    const location: Location = atKey ? source.locateKey(path) : source.locate(path);
    return { file, ...location, path: formatPath(path), ...rest, ...(environments && { environments }) };
  };

  const declarations = variablesOf(document);
  const lookup = variableLookup(declarations, variables, environmentVariables);
  const found: EnvironmentFailure[] = declarationFailures(declarations);
  const choice = choose(declared, document, options, lookup);
  found.push(...choice.failures);
  const excess = tooMuch(document, choice.chosen);
  if (excess !== undefined) return { failures: [place(excess)] };
  let remarks = found.length;
  const laidOut = choice.chosen.map((name) => {
    const failures: EnvironmentFailure[] = [];
    const environment = layOut(document, name, options.stack, lookup, failures, options.trustIn);
    const sound = failures.every(isForDeploymentOnly);
    const broken = new Set(failures.map(({ path }) => formatPath(path)));
    const findings: EnvironmentFailure[] = [];
    for (const client of environment.clients) {
      if (remarks + failures.length > MOST_FAILURES) break;
      const review = KINDS[client.kind].review(client.inputs, {
        isUnknown: () => false,
        now: options.now ?? Date.now(),
      });
      // A variable without value was reported; what it would have stood for cannot be judged.
      const refused = [...review.failures, ...untrusted(environment, client)];
      failures.push(...written(client, refused).filter(({ path }) => !broken.has(formatPath(path))));
      findings.push(...written(client, [...review.advice, ...review.excused]));
    }
    remarks += failures.length;
    return { environment, sound, failures, findings };
  });
  const names = laidOut.map(({ environment }) => environment.name);
  const placed = (remarks: EnvironmentFailure[][]) =>
    merged(remarks).map(([remark, indexes]) => {
      // The path of an override names its environment already.
      const everywhere = indexes.length === names.length || remark.path[0] === "environments";
      return place(remark, everywhere ? undefined : indexes.map((index) => names[index] ?? ""));
    });

  found.push(...twinStacks(laidOut.map(({ environment }) => environment)));
  const failures = [...placed(laidOut.map((one) => one.failures)), ...found.map((failure) => place(failure))];
  const shape = manifestShape.safeParse(document, { reportInput: true });
  if (!shape.success) {
    // The rules of the clients come first: they say the same with more to help.
    const told = new Set(failures.map(({ path }) => path));
    const others = shapeFailures(shape.error.issues.slice(0, MOST_FAILURES)).filter(
      ({ path }) => !told.has(formatPath(path)),
    );
    failures.push(...others.map((failure) => place(failure)));
  }
  const project = shape.data?.project ?? "pulumi-carto";
  if (failures.length > 0 || !shape.success) {
    const sound = shape.success && found.length === 0 && laidOut.every((one) => one.sound);
    const told = limited(sorted(failures));
    if (!sound || told.length < failures.length) return { failures: told };
    const refused = laidOut.map(({ environment }) => refuse(environment, source));
    return { failures: told, refused: { project, environments: refused } };
  }
  return {
    failures: [],
    manifest: {
      project,
      environments: laidOut.map(({ environment }) => finish(environment, source)),
      findings: sorted(placed(laidOut.map((one) => one.findings))),
    },
  };
}

/** The names under `variables` of a manifest; none where it cannot be read. */
export function declaredVariables(text: string): string[] {
  return Object.keys(variablesOf(parseSource(text).source?.value));
}

/** Under the production policy, hosts outside the trusted domains. */
function untrusted({ trustedDomains }: LaidOutEnvironment, { kind, inputs }: LaidOutClient): Failure[] {
  if (trustedDomains === undefined || inputs.policy !== "production") return [];
  return untrustedHosts(KINDS[kind].reach(inputs), trustedDomains, "the trusted domains");
}

/** The names of the chosen environments; undefined stands for the clients as they are. */
function choose(declared: string[], document: unknown, options: ReadManifestOptions, lookup: Lookup) {
  const failures: EnvironmentFailure[] = [];
  const refuse = (reason: string) =>
    failures.push({ path: ["environments"], atKey: true, reason, rule: "unknown-environment" });
  const { environments, stack } = options;
  if (environments !== undefined) {
    for (const name of new Set(environments)) {
      if (!declared.includes(name)) refuse(`"${name}" is not an environment: ${suggest(name, declared)}`);
    }
    return { failures, chosen: environmentsIn(environments, declared) };
  }
  if (declared.length === 0) return { failures, chosen: [undefined] };
  if (stack === undefined) return { failures, chosen: declared };
  // With the clients as they are, a mistyped name would be a second set of real clients, without any environment's policy.
  const stacks = declared.map((name) => ({ name, stack: writtenStack(document, name, lookup) }));
  const found =
    declared.find((name) => name === stack) ??
    stacks.find((one) => one.stack === stack)?.name ??
    stacks.find((one) => lastPart(one.stack) === lastPart(stack))?.name;
  if (found !== undefined) return { failures, chosen: [found] };
  const known = [...new Set([...declared, ...stacks.map((one) => one.stack)])];
  refuse(`"${stack}" is not the stack of an environment: ${suggest(stack, known)}`);
  return { failures, chosen: [] };
}

function environmentsIn(names: readonly string[], declared: readonly string[]): string[] {
  return [...new Set(names)].filter((name) => declared.includes(name));
}

/** As `layOut` has it: the name of the environment where it declares none. */
function writtenStack(document: unknown, name: string, lookup: Lookup): string {
  const stack = interpolate(stackOf(document, name), [], lookup, []);
  return typeof stack === "string" ? stack : name;
}

function lastPart(stack: string): string {
  return stack.split("/").at(-1) ?? stack;
}

/** Remarks on a client's inputs by the path of what was written. */
function written(client: LaidOutClient, remarks: (Failure | Finding)[]): EnvironmentFailure[] {
  return remarks.flatMap(({ property, ...remark }) => {
    const path = parsePath(property);
    const atKey = remark.rule === "unknown-property";
    // The shape says of these what to do with a secret.
    if (atKey && soundsSecret(property)) return [];
    return [{ ...remark, path: client.written(path), atKey }];
  });
}

/** Each distinct remark once, with the indexes of the environments that share it. */
function merged(remarks: EnvironmentFailure[][]): [EnvironmentFailure, number[]][] {
  const byText = new Map<string, [EnvironmentFailure, number[]]>();
  for (const [index, ofOne] of remarks.entries()) {
    for (const remark of ofOne) {
      const key = JSON.stringify([remark.path, remark.rule, remark.reason]);
      const entry = byText.get(key) ?? [remark, []];
      if (entry[1].at(-1) !== index) entry[1].push(index);
      byText.set(key, entry);
    }
  }
  return [...byText.values()];
}

/** Two environments on one stack would delete each other's clients. */
function twinStacks(environments: LaidOutEnvironment[]): EnvironmentFailure[] {
  const owners = new Map<string, string>();
  return environments.flatMap(({ name, stack, backend }) => {
    const key = JSON.stringify([backend, stack]);
    const owner = owners.get(key);
    owners.set(key, owner ?? name);
    if (owner === undefined) return [];
    const reason = `uses stack "${stack}" of environment "${owner}": they would delete each other's clients, give each its own`;
    return [{ path: ["environments", name], atKey: true, reason, rule: "own-stack" }];
  });
}

function finish(environment: LaidOutEnvironment, source: Source): Environment {
  const clients = environment.clients.map((client): DeclaredClient => {
    const { logicalName, kind, inputs, location } = locate(client, source);
    // The checks have found nothing: the inputs are what their types say.
    return { logicalName, kind, inputs, location } as unknown as DeclaredClient;
  });
  const { written, ...rest } = environment;
  return { ...rest, clients, location: (setting) => source.locate(written(parsePath(setting))) };
}

function refuse(environment: LaidOutEnvironment, source: Source): RefusedEnvironment {
  const { written, ...rest } = environment;
  const clients = environment.clients.map((client) => locate(client, source));
  return { ...rest, clients, location: (setting) => source.locate(written(parsePath(setting))) };
}

/** Says nothing about the clients: whoever only looks at these, e.g. for a fork, has no such values. */
function isForDeploymentOnly({ path, unset }: EnvironmentFailure): boolean {
  return unset === true && path[0] === "environments" && DEPLOYMENT_KEYS.has(path[2]);
}

const DEPLOYMENT_KEYS: ReadonlySet<unknown> = new Set(["backend", "secretsProvider", "tenant"]);

function locate({ logicalName, kind, inputs, written }: LaidOutClient, source: Source): RefusedClient {
  return { logicalName, kind, inputs, location: (property) => source.locate(written(parsePath(property))) };
}

/** A file with so many failures has one cause that is mended in many places: the first of them show it. */
function limited(failures: ManifestFailure[]): ManifestFailure[] {
  const last = failures[MOST_FAILURES - 1];
  if (last === undefined || failures.length <= MOST_FAILURES) return failures;
  const reason = `there are more than ${MOST_FAILURES.toLocaleString("en")} failures: correct these first`;
  return [...failures.slice(0, MOST_FAILURES - 1), { ...last, path: "", reason, rule: "too-large" }];
}

function sorted<Remark extends ManifestFailure>(remarks: Remark[]): Remark[] {
  return remarks.sort((a, b) => a.line - b.line || a.column - b.column);
}
