import { isKindId, type KindId } from "../kinds/index.ts";
import type { Policy } from "../kinds/policy.ts";
import { applicationName, readApplicationBlock, WITH_APPLICATION } from "./application-block.ts";
import { type Entries, entriesOf, isMap } from "./document.ts";
import type { EnvironmentFailure } from "./environment-failure.ts";
import type { Path } from "./failure.ts";
import { type Layer, layOver, type Written } from "./layers.ts";
import { MOST_FAILURES } from "./limits.ts";
import { suggest } from "./suggestion.ts";
import { interpolate, type Lookup } from "./variables.ts";

/** A client on its way: the properties and where each was written. */
export interface ResolvedClient {
  logicalName: string;
  kind: KindId;
  inputs: Record<string, unknown>;
  /** Earlier logical names. */
  aliases: string[];
  /** Where credentials are written; of any shape where the document is. */
  deliver: unknown;
  /** The path a property, e.g. `allow[0].reason`, was written at. */
  written(property: Path): Path;
  /** Of an application that a SPA client's block declares: the inputs of that client. */
  client?: Readonly<Record<string, unknown>>;
}

/** What the clients of an environment are resolved from. */
interface Layers {
  /** The whole document. */
  manifest: Entries;
  /** The part of the environment; empty: the clients as they are. */
  declared: Entries;
  /** Where it is written. */
  path: Path;
  policy: Policy | undefined;
  variables: Lookup;
}

/** Resolves the clients of an environment: defaults, declaration and override laid over each other, variables filled in. */
export function resolveClients(layers: Layers, failures: EnvironmentFailure[]): ResolvedClient[] {
  const base = entriesOf(layers.manifest.clients);
  const overrides = entriesOf(layers.declared.clients);
  const names = Object.keys(base);
  const clients: ResolvedClient[] = [];
  for (const logicalName of new Set([...names, ...Object.keys(overrides)])) {
    if (failures.length > MOST_FAILURES) break;
    const override = overrides[logicalName];
    const own = base[logicalName];
    const misfit = whyNoOverride(logicalName, own, override, names);
    if (misfit !== undefined) failures.push({ path: [...layers.path, "clients", logicalName], ...misfit });
    const kind = entriesOf(own).kind ?? entriesOf(override).kind;
    if (override === false || misfit !== undefined || !isKindId(kind)) continue;
    clients.push(...resolveClient(logicalName, kind, [own, override], layers, failures));
  }
  return clients;
}

/** The client, and the application that its block declares. */
function resolveClient(
  logicalName: string,
  kind: KindId,
  [own, override]: [own: unknown, override: unknown],
  layers: Layers,
  failures: EnvironmentFailure[],
): ResolvedClient[] {
  const ownPath = ["clients", logicalName];
  const overridePath = [...layers.path, ...ownPath];
  const home = own === undefined ? overridePath : ownPath;
  const declared: Layer[] = [
    [own, ownPath],
    [override, overridePath],
  ];
  const client = layOver([defaultsOf(kind, layers), ...declared]);
  if (!WITH_APPLICATION.has(kind)) return [finish(logicalName, kind, client, home, layers, failures)];
  const block = readApplicationBlock(kind, client, declared, defaultsOf("application", layers));
  delete client.inputs.application;
  const resolved = finish(logicalName, kind, client, home, layers, failures);
  if (block === undefined) return [resolved];
  const name = applicationName(logicalName);
  const path = [...home, "application"];
  const taken = [layers.manifest.clients, layers.declared.clients].some((clients) => entriesOf(clients)[name]);
  if (taken) {
    const reason = `declares the application "${name}", and a client of the manifest has this name: rename that one, or write what it has under \`application\``;
    failures.push({ path, atKey: true, reason, rule: "name" });
  }
  const application = finish(name, "application", block, path, layers, failures);
  // Whoever renames the client renames the application.
  const aliases = resolved.aliases.map(applicationName);
  return [resolved, { ...application, aliases, ...(kind === "spa" && { client: resolved.inputs }) }];
}

function defaultsOf(kind: KindId, { manifest }: Layers): Layer {
  return [entriesOf(manifest.defaults)[kind], ["defaults", kind]];
}

/** Fills in variables and the policy. */
function finish(
  logicalName: string,
  kind: KindId,
  { inputs, writtenAt }: Written,
  home: Path,
  { policy, variables }: Layers,
  failures: EnvironmentFailure[],
): ResolvedClient {
  const { aliases } = inputs;
  const deliver = interpolate(inputs.deliver, writtenAt.get("deliver") ?? [], variables, failures);
  delete inputs.aliases;
  delete inputs.deliver;
  for (const property of Object.keys(inputs)) {
    inputs[property] = interpolate(inputs[property], writtenAt.get(property) ?? [], variables, failures);
  }
  if (policy !== undefined && inputs.policy === undefined) inputs.policy = policy;
  return {
    logicalName,
    kind,
    inputs,
    deliver,
    aliases: Array.isArray(aliases) ? aliases.filter((alias) => typeof alias === "string") : [],
    written: ([property, ...rest]) => [...(writtenAt.get(String(property)) ?? [...home, String(property)]), ...rest],
  };
}

/** Why an override fits no client of the manifest. */
function whyNoOverride(
  logicalName: string,
  own: unknown,
  override: unknown,
  declared: readonly string[],
): Omit<EnvironmentFailure, "path"> | undefined {
  const kind = entriesOf(override).kind;
  const ownKind = entriesOf(own).kind;
  if (own !== undefined) {
    if (kind === undefined || kind === ownKind) return undefined;
    return {
      reason: `is "${String(ownKind)}" under \`clients\`: a client cannot change its kind, add another one`,
      rule: "kind",
    };
  }
  if (override === false || (isMap(override) && kind === undefined)) {
    const reason = `"${logicalName}" is not under \`clients\`, and has no \`kind\` to be added here: ${suggest(logicalName, declared)}`;
    return { atKey: true, reason, rule: "unknown-client" };
  }
  return undefined;
}
