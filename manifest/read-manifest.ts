import { adviseLogin } from "../kinds/application/login.ts";
import type { Failure, Finding } from "../kinds/failure.ts";
import { KINDS } from "../kinds/index.ts";
import { untrustedHosts } from "../kinds/trusted-domains.ts";
import { aliasFailures } from "./alias-failures.ts";
import { chooseEnvironments, declaredStacks } from "./choose-environments.ts";
import { deliveryFailures } from "./delivery-failures.ts";
import { variablesOf } from "./document.ts";
import type { DeclaredClient, Environment, RefusedClient, RefusedEnvironment } from "./environment.ts";
import type { EnvironmentFailure } from "./environment-failure.ts";
import { formatPath, type ManifestFailure, type ManifestFinding, parsePath } from "./failure.ts";
import { MOST_FAILURES, tooMuch } from "./limits.ts";
import { movedFailures } from "./moved-failures.ts";
import { causesFirst, limited, Placement, sorted } from "./placement.ts";
import type { ResolvedClient } from "./resolve-clients.ts";
import { type ResolvedEnvironment, resolveEnvironment, type TrustIn } from "./resolve-environment.ts";
import { manifestShape } from "./shape.ts";
import { shapeFailures } from "./shape-failure.ts";
import { parseSource, type Source } from "./syntax.ts";
import { declarationFailures, type Lookup, soundsSecret, variableLookup } from "./variables.ts";

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
  /** Which hosts may receive credentials. Unset: hosts are checked before a request only. */
  trustIn?: TrustIn;
  /** Milliseconds since the epoch, for rules on the time; `"any"`: these rules are left out. Unset: the clock. */
  now?: number | "any";
}

/** A manifest that holds what its rules ask. */
export interface Manifest {
  /** Pulumi project name. Unset in the file: `pulumi-carto`. */
  project: string;
  environments: Environment[];
  /** The stacks of all environments of the file, also of those that were not asked for. */
  stacks: string[];
  /** Advice on the clients, and what `allow` exempts, in the order of the file. */
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
  const { source, failures: broken } = parseSource(text);
  if (source === undefined) {
    const failures = broken.map(({ at, path, reason, rule }) => ({
      file,
      ...at,
      path: formatPath(path),
      reason,
      rule,
    }));
    return { failures: sorted(failures) };
  }
  const document = source.value;
  const declarations = variablesOf(document);
  const lookup = variableLookup(declarations, variables, environmentVariables);
  const choice = chooseEnvironments(document, options, lookup);
  const ofFile: EnvironmentFailure[] = [...declarationFailures(declarations), ...choice.failures];
  const excess = tooMuch(document, choice.chosen);
  if (excess !== undefined) return { failures: [new Placement(file, source, []).place(excess)] };

  let remarks = ofFile.length;
  const read = choice.chosen.map((name) => {
    const one = readEnvironment(document, name, options, lookup, remarks);
    remarks += one.failures.length;
    return one;
  });
  const environments = read.map(({ environment }) => environment);
  const placement = new Placement(
    file,
    source,
    environments.map(({ name }) => name),
  );
  const stacks = declaredStacks(document, lookup);
  ofFile.push(...twinStacks(environments), ...movedFailures(environments, stacks));
  const failures = [
    ...placement.placeAll(read.map((one) => one.failures)),
    ...ofFile.map((failure) => placement.place(failure)),
  ];
  const shape = manifestShape.safeParse(document, { reportInput: true });
  if (!shape.success) {
    // The rules of the clients come first: they say the same with more to help.
    const told = new Set(failures.map(({ path }) => path));
    const others = shapeFailures(shape.error.issues.slice(0, MOST_FAILURES));
    const more = others.filter(({ path }) => !told.has(formatPath(path)));
    failures.push(...more.map((failure) => placement.place(failure)));
  }
  const project = shape.data?.project ?? "pulumi-carto";
  if (failures.length > 0 || !shape.success) {
    const sound = shape.success && ofFile.length === 0 && read.every((one) => one.sound);
    const told = limited(causesFirst(sorted(failures)));
    if (!sound || told.length < failures.length) return { failures: told };
    return { failures: told, refused: { project, environments: environments.map((one) => asRefused(one, source)) } };
  }
  const findings = sorted(placement.placeAll(read.map((one) => one.findings)));
  return {
    failures: [],
    manifest: {
      project,
      environments: environments.map((one) => finish(one, source)),
      stacks: stacks.map(({ stack }) => stack),
      findings,
    },
  };
}

/** @param remarks how many there are already: beyond the limit no further client is reviewed */
function readEnvironment(
  document: unknown,
  name: string | undefined,
  { stack, trustIn, now = Date.now() }: ReadManifestOptions,
  lookup: Lookup,
  remarks: number,
) {
  const failures: EnvironmentFailure[] = [];
  const environment = resolveEnvironment(document, name, stack, lookup, failures, trustIn);
  const sound = failures.every(isForDeploymentOnly);
  const broken = new Set(failures.map(({ path }) => formatPath(path)));
  failures.push(...aliasFailures(environment.clients), ...deliveryFailures(environment.clients));
  const findings: EnvironmentFailure[] = [];
  for (const client of environment.clients) {
    if (remarks + failures.length > MOST_FAILURES) break;
    const review = KINDS[client.kind].review(client.inputs, { isUnknown: () => false, now });
    // A variable without value was reported; what it would have stood for cannot be checked.
    const refused = [...review.failures, ...untrusted(environment, client)];
    failures.push(...written(client, refused).filter(({ path }) => !broken.has(formatPath(path))));
    if (client.client !== undefined)
      findings.push(...written(client, adviseLogin(client.inputs.appUrl, client.client)));
    findings.push(...written(client, [...review.advice, ...review.exempted]));
  }
  return { environment, sound, failures, findings };
}

/** The names under `variables` of a manifest; none where it cannot be read. */
export function declaredVariables(text: string): string[] {
  return Object.keys(variablesOf(parseSource(text).source?.value));
}

/** Under the production policy, hosts outside the trusted domains. */
function untrusted({ trustedDomains }: ResolvedEnvironment, { kind, inputs }: ResolvedClient): Failure[] {
  if (trustedDomains === undefined || inputs.policy !== "production") return [];
  return untrustedHosts(KINDS[kind].reach(inputs), trustedDomains, "the trusted domains");
}

/** Remarks on a client's inputs by the path of what was written. */
function written(client: ResolvedClient, remarks: (Failure | Finding)[]): EnvironmentFailure[] {
  return remarks.flatMap(({ property, ...remark }) => {
    const path = parsePath(property);
    const atKey = remark.rule === "unknown-property";
    // The shape says of these what to do with a secret.
    if (atKey && soundsSecret(property)) return [];
    return [{ ...remark, path: client.written(path), atKey }];
  });
}

/** Two environments on one stack would delete each other's clients. */
function twinStacks(environments: ResolvedEnvironment[]): EnvironmentFailure[] {
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

function finish(environment: ResolvedEnvironment, source: Source): Environment {
  // The checks have found nothing: the inputs are what their types say.
  const clients = environment.clients.map((client) => locate(client, source) as RefusedClient & DeclaredClient);
  const { written, ...rest } = environment;
  return { ...rest, clients, location: (setting) => source.locate(written(parsePath(setting))) };
}

function asRefused(environment: ResolvedEnvironment, source: Source): RefusedEnvironment {
  const { written, ...rest } = environment;
  const clients = environment.clients.map((client) => locate(client, source));
  return { ...rest, clients, location: (setting) => source.locate(written(parsePath(setting))) };
}

/** Says nothing about the clients: whoever only looks at these, e.g. for a fork, has no such values. */
function isForDeploymentOnly({ path, unset }: EnvironmentFailure): boolean {
  return unset === true && path[0] === "environments" && DEPLOYMENT_KEYS.has(path[2]);
}

const DEPLOYMENT_KEYS: ReadonlySet<unknown> = new Set(["backend", "secretsProvider", "tenant"]);

function locate(
  { logicalName, kind, inputs, aliases, deliver, written }: ResolvedClient,
  source: Source,
): RefusedClient {
  const renamed = { ...(aliases.length > 0 && { aliases }), ...(deliver !== undefined && { deliver }) };
  return { logicalName, kind, inputs, ...renamed, location: (property) => source.locate(written(parsePath(property))) };
}
