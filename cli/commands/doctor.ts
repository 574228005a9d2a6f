import { type Configuration, requireCredentials } from "../../carto/configuration.ts";
import { loadContract } from "../../carto/contract-file.ts";
import { CartoError } from "../../carto/errors.ts";
import type { Finding, ProbePoint } from "../../carto/probe.ts";
import { type LeftProbe, leftProbes, leftText } from "../../carto/probe-name.ts";
import { Tenant } from "../../carto/tenant.ts";
import { DeploymentError } from "../../deployment/deployment-error.ts";
import type { ManagedClient } from "../../deployment/stack-state.ts";
import { findEngine } from "../../engine/index.ts";
import { expiresSoon } from "../../kinds/api-access-token/expiry.ts";
import { EXIT, type ExitCode } from "../context/exit-code.ts";
import { printJson, refuse } from "../context/json.ts";
import { errorText } from "../context/own-error.ts";
import { readProcessSettings } from "../context/process-settings.ts";
import type { SelectionOptions } from "../context/selection.ts";
import { createStyle, type Style } from "../context/style.ts";
import { interruptible } from "../run/interruption.ts";
import { diagnosticsChecks, nodeCheck } from "../run/machine-checks.ts";
import { type ProbeOptions, probeProblem, probeStack, probeText } from "../run/probe-stack.ts";
import { backendState, ownerState, passphraseState } from "../run/stack-checks.ts";
import { type ChosenStack, chooseStacks } from "../run/stacks.ts";

/** Options of `doctor`. */
export interface DoctorOptions extends SelectionOptions, ProbeOptions {
  json?: boolean;
  /** Whether tokens that expire soon have an exit code of their own. */
  exitCode?: boolean;
}

/** One thing looked at: the documented shape of `doctor --json`. */
interface Check {
  subject:
    | "node"
    | "engine"
    | "diagnostics"
    | "backend"
    | "passphrase"
    | "credentials"
    | "token"
    | "owner"
    | "discovery"
    | "contract"
    | "expiration"
    | "probe";
  /** Absent where it is about the machine. */
  environment?: string;
  ok: boolean;
  /** What was found, or what is wrong and what to do. Never a secret. */
  message: string;
  /** Only with `expiration`: how many tokens expire within 30 days. */
  expiring?: number;
  /** Only with `probe`. */
  point?: ProbePoint;
  /** Only with `probe`: the stack setting that follows. */
  setting?: Finding["setting"];
}

/** Checks one thing, and reports the result. */
type Look = (subject: Check["subject"], work: () => Promise<string> | string) => Promise<boolean>;

/** How long each call to CARTO may take, waits included. */
const PATIENCE_SECONDS = 5;

/** CARTO publishes no reference of the API that this package uses: the probe checks whether a tenant's is the same. */
const PROBE = `CARTO's REST API for OAuth clients is assumed (docs/credentials-api.yaml). To test a tenant against it, run
\`pulumi-carto doctor --env ENVIRONMENT --probe\`.
`;

/** Checks everything that `up` needs, and says what to do about each problem. Changes nothing. */
export async function doctor(file: string, options: DoctorOptions): Promise<ExitCode> {
  const stacks = await chooseStacks("doctor", file, options);
  if (stacks === undefined) return EXIT.invalid;
  const problem = probeProblem(options, stacks);
  if (problem !== undefined) return refuse("doctor", { json: options.json }, problem);
  return interruptible(async ({ signal }) => {
    const style = createStyle(readProcessSettings().color && options.json !== true);
    const checks: Check[] = [];
    const tell = (check: Check) => {
      checks.push(check);
      if (!options.json) process.stdout.write(line(check, style));
    };
    tell(nodeCheck());
    const engine = await engineCheck();
    tell(engine);
    for (const check of diagnosticsChecks()) tell(check);
    for (const stack of stacks) {
      const environment = stack.environment.name;
      const told = new Set<string>();
      const look: Look = async (subject, work) => {
        const check = await attempt(subject, environment, work);
        // One thing fails in several places: it is reported in the first of them.
        if (check.ok || !told.has(check.message)) tell(check);
        told.add(check.message);
        return check.ok;
      };
      const managed: ManagedClient[] = [];
      if (engine.ok) {
        await look("backend", () => backendState(stack, managed));
        await look("passphrase", () => passphraseState(stack));
      }
      const found = await cartoChecks(stack, managed, look);
      if (found !== undefined) tell({ environment, ...found });
      const fits = checks.some(
        (check) => check.subject === "contract" && check.environment === environment && check.ok,
      );
      const discovered = checks.some(
        (check) => check.subject === "discovery" && check.environment === environment && check.ok,
      );
      if (!options.probe || !(fits || (options.writeContract !== undefined && discovered))) continue;
      const finding = (one: Finding) => tell({ subject: "probe", environment, ...one, message: probeText(one) });
      if (!(await probeStack(stack, options, finding, signal))) return EXIT.declined;
    }
    const ok = checks.every((check) => check.ok);
    if (options.json) printJson("doctor", ok, { checks });
    else if (!options.probe) process.stdout.write(`\n${PROBE}`);
    if (!ok) return EXIT.failed;
    return options.exitCode && checks.some(({ expiring = 0 }) => expiring > 0) ? EXIT.expiring : EXIT.done;
  });
}

async function engineCheck(): Promise<Check> {
  const engine = await findEngine();
  const message =
    engine === undefined
      ? "no engine was found: preview or up will build one with Go; or install it from https://www.pulumi.com/docs/install/"
      : `Pulumi ${engine.version}`;
  return { subject: "engine", ok: engine !== undefined, message };
}

/** @returns what is found of the stack's tokens, if it has any */
async function cartoChecks(
  stack: ChosenStack,
  managed: readonly ManagedClient[],
  look: Look,
): Promise<Omit<Check, "environment"> | undefined> {
  let configuration: Configuration | undefined;
  const known = await look("credentials", () => {
    configuration = stack.configuration();
    const credentials = requireCredentials(configuration);
    const what = "clientId" in credentials ? `M2M OAuth client ${credentials.clientId}` : "an access token";
    return `${what}, from ${credentials.source}`;
  });
  // Without credentials, too: otherwise a mistake in it is found only at the first call.
  const problem = await loadContract(configuration?.contract).catch((error: unknown) => error);
  if (problem instanceof CartoError) await look("contract", () => Promise.reject(problem));
  if (!known || configuration === undefined) return undefined;
  const tenant = new Tenant({ ...configuration, retryBudgetSeconds: PATIENCE_SECONDS });
  try {
    const accepted = await look("token", async () => `accepted for user ${(await tenant.caller()).userId}`);
    if (accepted && managed.some(({ ownerId }) => ownerId !== undefined)) {
      await look("owner", async () => ownerState(managed, (await tenant.caller()).userId));
    }
    // With a URL of its own the credentials API may be there although the accounts API is not.
    if (!accepted && configuration.credentialsUrl === undefined) return undefined;
    const found = await look("discovery", async () => {
      await tenant.api();
      const { credentialsUrl } = tenant.configuration;
      return credentialsUrl === undefined
        ? `tenant ${(await tenant.caller()).tenantDomain}`
        : `skipped for ${credentialsUrl}`;
    });
    if (!found) return undefined;
    let left: LeftProbe[] = [];
    await look("contract", async () => {
      const clients = await (await tenant.api()).list();
      const { length } = clients;
      left = leftProbes(clients);
      const fit = contractText(configuration?.contract, (await tenant.contract()).changes);
      return `a list call answered as ${fit}: the caller has ${length} ${length === 1 ? "client" : "clients"}`;
    });
    if (left.length > 0)
      await look("probe", () => `left by earlier probes: ${leftText(left)}: --probe offers to delete them`);
    const tokens = new Map(
      managed
        .filter(({ kind }) => kind === "api-access-token")
        .map(({ clientId, logicalName }) => [clientId, logicalName]),
    );
    return tokens.size === 0 ? undefined : await expirations(tenant, tokens);
  } finally {
    await tenant.close();
  }
}

/** @param changes each entry that differs from the assumed contract */
function contractText(setting: string | undefined, changes: readonly string[]): string {
  if (changes.length === 0) return "assumed";
  return `${setting?.startsWith("{") ? "carto:contract" : setting} says (${changes.join(", ")})`;
}

/** @param names logical names by ID */
async function expirations(tenant: Tenant, names: ReadonlyMap<string, string>): Promise<Omit<Check, "environment">> {
  try {
    const listed = await (await tenant.tokens()).list();
    const now = Date.now();
    const soon = listed.flatMap(({ id, expirationDate }) => {
      const [name, when] = [names.get(id), expiresSoon(expirationDate, now)];
      return name === undefined || when === undefined
        ? []
        : [`${name} ${when === "expired" ? "has expired" : `expires ${when}`}`];
    });
    const message =
      soon.length === 0
        ? "no API Access Token of the stack expires within 30 days"
        : `API Access Tokens: ${soon.join(", ")}. Write a later expirationDate, which replaces the token`;
    return { subject: "expiration", ok: true, message, expiring: soon.length };
  } catch (error) {
    if (!(error instanceof CartoError)) throw error;
    return { subject: "expiration", ok: false, message: error.message };
  }
}

async function attempt(
  subject: Check["subject"],
  environment: string,
  work: () => Promise<string> | string,
): Promise<Check> {
  try {
    return { subject, environment, ok: true, message: await work() };
  } catch (error) {
    if (!(error instanceof CartoError || error instanceof DeploymentError)) throw error;
    return { subject, environment, ok: false, message: errorText(error) };
  }
}

function line({ subject, environment, ok, message }: Check, style: Style): string {
  const mark = ok ? style.green("ok  ") : style.red("FAIL");
  return `${mark} ${environment === undefined ? "" : `[${environment}] `}${subject}: ${message}\n`;
}
