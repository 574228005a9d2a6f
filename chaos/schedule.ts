import type { Fault } from "../emulator/index.ts";
import { Random } from "./random.ts";

/** A client as a program declares it. */
export interface DeclaredClient {
  kind: "spa" | "m2m";
  name: string;
  applicationLoginUrl?: string;
  allowedCallbackUrls?: string[];
  rotationTrigger?: string;
}

/** By logical name. */
export type Declaration = Record<string, DeclaredClient>;

export interface Kill {
  /** Which process gets SIGKILL; without an engine there is only one. */
  target: "engine" | "provider" | "both";
  /** So many calls are served first; 0: none needs to be. */
  afterRequests: number;
  /** Then so long after. */
  delayMs: number;
}

/** One run: an operation that meets faults and perhaps a kill, then an undisturbed `up`. */
export interface Run {
  number: number;
  /** On the real engine, or on the provider alone in a process of its own. */
  on: "engine" | "provider";
  /** Index among the stacks of that sort. */
  stack: number;
  operation: "up" | "destroy";
  declared: Declaration;
  faults: Fault[];
  kill?: Kill;
  /** What the following `up` declares: the same clients, sometimes changed in between. */
  then: Declaration;
}

export interface ScheduleOptions {
  seed: number;
  /** How many runs are on the real engine. */
  engineRuns: number;
  /** How many are on the provider alone. */
  providerRuns: number;
  /** Stacks of each sort, used in turn. */
  stacks: number;
}

const LOGICAL_NAMES = ["web", "portal", "robot", "importer"] as const;
const MUTATING = ["createOAuthClient", "updateOAuthClient", "deleteOAuthClient"];

/** All runs, decided before the first begins. */
export function schedule({ seed, engineRuns, providerRuns, stacks }: ScheduleOptions): Run[] {
  const random = new Random(seed);
  const declarations = new Map<string, Declaration>();
  const total = engineRuns + providerRuns;
  return Array.from({ length: total }, (_, index): Run => {
    // Spread evenly among the others, so that a shorter run still has both.
    const onEngine = Math.floor(((index + 1) * engineRuns) / total) > Math.floor((index * engineRuns) / total);
    const on = onEngine ? "engine" : "provider";
    const stack = random.whole(0, stacks - 1);
    const before = declarations.get(`${on} ${stack}`) ?? {};
    const operation = Object.keys(before).length > 0 && random.chance(0.2) ? "destroy" : "up";
    const declared = operation === "up" ? mutate(before, index, random) : before;
    const changes = operation === "up" && random.chance(0.4);
    const then = changes ? edit(declared, index, "after", random) : declared;
    declarations.set(`${on} ${stack}`, then);
    const faults = Array.from({ length: random.whole(0, 3) }, () => fault(random));
    const kill = random.chance(onEngine ? 0.7 : 0.3) ? killPlan(on, random) : undefined;
    return { number: index + 1, on, stack, operation, declared, faults, then, ...(kill && { kill }) };
  });
}

function mutate(before: Declaration, run: number, random: Random): Declaration {
  const after = { ...before };
  const missing = LOGICAL_NAMES.filter((name) => !after[name]);
  const present = Object.keys(after);
  for (const name of missing.filter(() => present.length === 0 || random.chance(0.4))) {
    const kind = name === "web" || name === "portal" ? "spa" : "m2m";
    after[name] = {
      kind,
      name: `${name} of run ${run + 1}`,
      ...(kind === "spa" && { applicationLoginUrl: `https://${name}.example.com/` }),
    };
  }
  if (present.length > 1 && random.chance(0.2)) delete after[random.pick(present)];
  for (const [name, client] of Object.entries(after)) {
    if (before[name] && random.chance(0.3)) after[name] = { ...client, rotationTrigger: `run ${run + 1}` };
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
      const allowedCallbackUrls = random.chance(0.2) ? [] : [`https://${logicalName}.example.com/${when}-${run + 1}`];
      return [logicalName, { ...client, allowedCallbackUrls }];
    }),
  );
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

function killPlan(on: Run["on"], random: Random): Kill {
  const target = random.pick(["engine", "provider", "both"] as const);
  // Two thirds around the calls that change something, where there is something to lose; the others anywhere.
  if (random.chance(2 / 3)) return { target, afterRequests: random.whole(3, 8), delayMs: random.whole(0, 40) };
  return { target, afterRequests: 0, delayMs: on === "engine" ? random.whole(500, 4000) : random.whole(200, 1200) };
}
