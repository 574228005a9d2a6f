import type { Fault } from "../emulator/index.ts";
import type { Api, Grant } from "../kinds/api-access-token/api-access-token.ts";
import type { KindId } from "../kinds/index.ts";
import { Random } from "./random.ts";
import { RUNNERS, type Runner } from "./runner.ts";

/** A client, token or application as a program declares it. */
export interface DeclaredClient {
  kind: KindId;
  name: string;
  applicationLoginUrl?: string;
  allowedCallbackUrls?: string[];
  grants?: Grant[];
  allowedApis?: Api[];
  expirationDate?: string;
  appUrl?: string;
  description?: string;
  rotationTrigger?: string;
  /** The logical name that it had before. */
  was?: string;
}

/** By logical name. */
export type Declaration = Record<string, DeclaredClient>;

/** When which process is killed. */
export interface Kill {
  /** Which process gets SIGKILL; the others are left to themselves. */
  target: "engine" | "provider" | "both";
  /** So many calls are served first; 0: none needs to be. */
  afterRequests: number;
  /** Then so long after. */
  delayMs: number;
}

/** One run: an operation that meets faults and perhaps a kill, then an undisturbed `up`. */
export interface Run {
  number: number;
  /** On the real engine, or on a stand-in for it that calls the real provider. */
  on: "engine" | "provider";
  /** What runs the stack on the engine. Unset: it is on the provider. */
  by?: Runner;
  /** Index among the stacks of that sort. */
  stack: number;
  operation: "up" | "destroy";
  declared: Declaration;
  /** Whether every client of the run before is declared in this one, and none is rotated: nothing is to be deleted. */
  stillDeclared: boolean;
  faults: Fault[];
  kill?: Kill;
  /** What the following `up` declares: the same clients, sometimes changed or reverted in between. */
  then: Declaration;
}

/** What a schedule is made from. */
export interface ScheduleOptions {
  seed: number;
  /** How many runs are on the real engine. */
  engineRuns: number;
  /** How many are on the provider alone. */
  providerRuns: number;
  /** Stacks of each sort, used in turn. */
  stacks: number;
  /** What runs the stacks of the engine, in turn. Unset: {@link RUNNERS} */
  runners?: readonly Runner[];
}

const KIND_OF = {
  web: "spa",
  portal: "spa",
  robot: "m2m",
  importer: "m2m",
  points: "api-access-token",
  lines: "api-access-token",
  card: "application",
} as const satisfies Record<string, KindId>;
const LOGICAL_NAMES = Object.keys(KIND_OF) as (keyof typeof KIND_OF)[];
const MUTATING = ["OAuthClient", "ApiToken", "Application"].flatMap((what) => [
  `create${what}`,
  `update${what}`,
  `delete${what}`,
]);

/** All runs, decided before the first one starts. */
export function schedule({ seed, engineRuns, providerRuns, stacks, runners = RUNNERS }: ScheduleOptions): Run[] {
  const random = new Random(seed);
  const declarations = new Map<string, Declaration>();
  const total = engineRuns + providerRuns;
  return Array.from({ length: total }, (_, index): Run => {
    // Spread evenly among the others, so that a shorter run still has both.
    const onEngine = Math.floor(((index + 1) * engineRuns) / total) > Math.floor((index * engineRuns) / total);
    const on = onEngine ? "engine" : "provider";
    const stack = random.whole(0, stacks - 1);
    const by = onEngine ? runners[stack % runners.length] : undefined;
    const before = declarations.get(`${on} ${stack}`) ?? {};
    const operation = Object.keys(before).length > 0 && random.chance(0.2) ? "destroy" : "up";
    const declared = operation === "up" ? declare(before, index, by === "command", random) : before;
    const then = operation === "up" ? afterwards(before, declared, index, random) : declared;
    declarations.set(`${on} ${stack}`, then);
    const faults = random.chance(0.25)
      ? [outage(random)]
      : Array.from({ length: random.whole(0, 3) }, () => fault(random));
    const kill = random.chance(onEngine ? 0.7 : 0.3) ? killPlan(on, random, Object.keys(declared).length) : undefined;
    const stillDeclared = Object.entries(before).every(([name, { rotationTrigger }]) =>
      Object.entries(declared).some(
        ([newName, client]) => (newName === name || client.was === name) && client.rotationTrigger === rotationTrigger,
      ),
    );
    const optional = { ...(by && { by }), ...(kill && { kill }) };
    return { number: index + 1, on, stack, operation, declared, stillDeclared, faults, then, ...optional };
  });
}

/** A manifest cannot say that a client was renamed, but it is where there are many. */
function declare(before: Declaration, run: number, byCommand: boolean, random: Random): Declaration {
  if (!byCommand) return mutate(before, run, random);
  const few = Object.fromEntries(Object.entries(before).filter(([name]) => !name.startsWith(MANY)));
  return { ...withoutTokens(change(few, run, random)), ...many(random.pick([0, 30, 100, 300]), run) };
}

/** With a token to create, the state would be written at every step. */
function withoutTokens(declaration: Declaration): Declaration {
  return Object.fromEntries(Object.entries(declaration).filter(([, { kind }]) => kind !== "api-access-token"));
}

const MANY = "many-";

function many(count: number, run: number): Declaration {
  const names = Array.from({ length: count }, (_, index) => `${MANY}${index + 1}`);
  return Object.fromEntries(names.map((name) => [name, { kind: "m2m", name: `${name} of run ${run + 1}` }]));
}

/** What somebody declares after a failure: the same, something else, or again what was there before. */
function afterwards(before: Declaration, declared: Declaration, run: number, random: Random): Declaration {
  const what = random.next();
  if (what < 0.3) return edit(declared, run, "after", random);
  if (what < 0.6) return revert(before, declared);
  return declared;
}

/** Creates, removals, renames and rotations stay: taken back, they leave a client behind, as docs/lifecycle.md says. */
function revert(before: Declaration, declared: Declaration): Declaration {
  return Object.fromEntries(
    Object.entries(declared).map(([logicalName, client]) => {
      const { kind, rotationTrigger, was } = client;
      const old = before[was ?? logicalName];
      if (!old || old.kind !== kind || old.rotationTrigger !== rotationTrigger) return [logicalName, client];
      return [logicalName, { ...old, ...(was !== undefined && { was }) }];
    }),
  );
}

/** Gives one client another logical name. */
function rename(declaration: Declaration, random: Random): Declaration {
  const from = random.pick(Object.keys(declaration));
  const to = LOGICAL_NAMES.find((name) => !declaration[name] && KIND_OF[name] === declaration[from]?.kind);
  if (!to) return declaration;
  const { [from]: client, ...others } = declaration;
  return client ? { ...others, [to]: { ...client, was: from } } : declaration;
}

function mutate(settled: Declaration, run: number, random: Random): Declaration {
  const before = Object.fromEntries(Object.entries(settled).map(([name, { was: _, ...client }]) => [name, client]));
  if (Object.keys(before).length > 0 && random.chance(0.2)) return rename(before, random);
  return change(before, run, random);
}

/** What a resource has to declare besides its name. */
const REQUIRED: Record<KindId, (logicalName: string) => Partial<DeclaredClient>> = {
  spa: (name) => ({ applicationLoginUrl: `https://${name}.example.com/` }),
  m2m: () => ({}),
  "api-access-token": (name) => ({
    grants: granted(name),
    allowedApis: ["sql"],
    expirationDate: "2100-01-01T00:00:00Z",
  }),
  application: (name) => ({ appUrl: `https://${name}.example.com/` }),
};

function granted(table: string): Grant[] {
  return [{ connectionName: "carto_dw", source: `carto.chaos.${table}` }];
}

function change(before: Declaration, run: number, random: Random): Declaration {
  const after: Declaration = { ...before };
  const missing = LOGICAL_NAMES.filter((name) => !after[name]);
  const present = Object.keys(after);
  for (const name of missing.filter(() => present.length === 0 || random.chance(0.2))) {
    const kind = KIND_OF[name];
    after[name] = { kind, name: `${name} of run ${run + 1}`, ...REQUIRED[kind](name) };
  }
  if (present.length > 1 && random.chance(0.2)) delete after[random.pick(present)];
  for (const [name, client] of Object.entries(after)) {
    // An application has nothing that could be rotated.
    if (before[name] && client.kind !== "application" && random.chance(0.3))
      after[name] = { ...client, rotationTrigger: `run ${run + 1}` };
  }
  return edit(after, run, "in", random);
}

/** Changes what can be changed in place. */
function edit(declaration: Declaration, run: number, when: string, random: Random): Declaration {
  return Object.fromEntries(
    Object.entries(declaration).map(([logicalName, client]) => {
      if (!random.chance(0.5)) return [logicalName, client];
      const name = `${logicalName} ${when} run ${run + 1}`;
      if (client.kind === "m2m" || random.chance(0.5)) return [logicalName, { ...client, name }];
      if (client.kind === "api-access-token")
        return [logicalName, { ...client, grants: granted(`${when}_${run + 1}`) }];
      if (client.kind === "application") return [logicalName, { ...client, description: `${when} run ${run + 1}` }];
      const allowedCallbackUrls = random.chance(0.2) ? [] : [`https://${logicalName}.example.com/${when}-${run + 1}`];
      return [logicalName, { ...client, allowedCallbackUrls }];
    }),
  );
}

/** Longer than the provider tries again: the operation fails, after everything was done or before. */
function outage(random: Random): Fault {
  const when = random.chance(0.8) ? "after" : "before";
  const selection = { call: random.pick(MUTATING), times: 10, skip: random.whole(0, 1) };
  return { ...selection, fault: "status", status: random.pick([500, 502, 504]), when };
}

function fault(random: Random): Fault {
  const when = random.pick(["before", "after"] as const);
  const selection = { call: random.pick(MUTATING), times: random.whole(1, 6), skip: random.whole(0, 2) };
  return random.pick<Fault>([
    { ...selection, fault: "status", status: 429, retryAfterSeconds: random.whole(0, 1) },
    { ...selection, fault: "status", status: 503, when, retryAfterSeconds: 0 },
    { ...selection, fault: "status", status: random.pick([500, 502, 504]), when },
    { ...selection, fault: "reset", when },
    { ...selection, fault: "truncate" },
    { ...selection, fault: "not-json" },
    { ...selection, fault: "delay", delayMs: random.whole(50, 400), when },
    { call: "POST /oauth/token", times: 1, fault: "status", status: 503, retryAfterSeconds: 0 },
    { call: "getOAuthClient", times: 2, fault: "reset", when },
    { fault: "rate-limit", requestsPerSecond: 20, burst: 3 },
  ]);
}

function killPlan(on: Run["on"], random: Random, clients: number): Kill {
  const target = random.pick(["engine", "provider", "both"] as const);
  // Two thirds around the calls that change something, where there is something to lose; the others anywhere.
  if (random.chance(2 / 3)) {
    return { target, afterRequests: random.whole(3, Math.max(8, clients)), delayMs: random.whole(0, 40) };
  }
  return { target, afterRequests: 0, delayMs: on === "engine" ? random.whole(500, 4000) : random.whole(200, 1200) };
}
