import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Emulator, type EmulatorOptions, IDENTITIES, type Identity, startEmulator } from "../../emulator/index.ts";
import { CartoSession, type Reply } from "../../harness/carto-session.ts";
import { type ContractOperation, readContract } from "../../harness/contract.ts";

/** Set FUZZ_SEED to the seed in a failed test's title to run its cases again. */
const SEED = Number(process.env.FUZZ_SEED ?? Date.now() % 2 ** 31);

/** One of those that exist, or an ID that was made up. */
export type AnyId = { index: number } | { value: string };

/** A request of a fuzz test. */
export interface FuzzRequest {
  /** Replaces the parameter in the operation's path. */
  id: string;
  /** Of a listing, e.g. `?page=2`. Unset: none */
  query?: string;
  body: string;
  headers?: Record<string, string>;
}

/** What differs from one contract to another. */
export interface ContractUnderTest<Case> {
  /** The contract, e.g. `docs/tokens-api.yaml`. */
  file: string;
  /** What comes before the contract's paths, e.g. `/api`. */
  base: string;
  /** What to send: anything, and enough that is valid. */
  cases: fc.Arbitrary<Case>;
  request(one: Case, emulator: Emulator): FuzzRequest;
  /** Before the requests of an operation. */
  prepare?(sessions: readonly CartoSession[]): Promise<void>;
  /** What was answered to a request that was accepted. */
  accepted?(operation: ContractOperation, reply: Reply): void;
  emulator?: EmulatorOptions;
}

/** A value that is good six times out of seven. */
export const mostly = <T>(good: fc.Arbitrary<T>, bad: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc.oneof<
    [{ weight: number; arbitrary: fc.Arbitrary<unknown> }, { weight: number; arbitrary: fc.Arbitrary<unknown> }]
  >({ weight: 6, arbitrary: good }, { weight: 1, arbitrary: bad });

/** IDs of which most exist. @param text any text */
export const anyId = (text: fc.Arbitrary<string>): fc.Arbitrary<AnyId> =>
  fc.oneof(
    { weight: 4, arbitrary: fc.nat().map((index) => ({ index })) },
    { weight: 1, arbitrary: text.filter((value) => value !== "" && !/^\.+$/.test(value)).map((value) => ({ value })) },
  );

/** The ID that is meant. @param existing IDs of what exists, or did */
export function idOf(id: AnyId, existing: readonly string[]): string {
  return "value" in id ? id.value : (existing[id.index % Math.max(1, existing.length)] ?? "none");
}

/** A query string of these parameters, each of which may be left out. */
export const queryOf = (parameters: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<string> =>
  fc.oneof(
    fc.constant(""),
    fc
      .record(parameters, { requiredKeys: [] })
      .map(
        (chosen) =>
          `?${new URLSearchParams(Object.entries(chosen).map(([name, value]): [string, string] => [name, String(value)]))}`,
      ),
  );

/**
 * An emulator whose every answer is checked against a contract. Call {@link ContractCheck.testAnswers} last: it looks at what the other
 * tests have provoked.
 */
export class ContractCheck<Case> {
  readonly operations: ContractOperation[];
  readonly #options: ContractUnderTest<Case>;
  readonly #seen = new Set<string>();
  #running: { emulator: Emulator; sessions: CartoSession[] } | undefined;

  constructor(options: ContractUnderTest<Case>) {
    this.#options = options;
    this.operations = readContract(options.file);
    beforeAll(async () => {
      const emulator = await startEmulator(options.emulator);
      const opened = await Promise.all(IDENTITIES.map((identity) => CartoSession.open(emulator, identity)));
      this.#running = { emulator, sessions: [...opened, new CartoSession(emulator, "nonsense")] };
    });
    afterAll(() => this.#running?.emulator.close());
  }

  get emulator(): Emulator {
    if (this.#running === undefined) throw new Error("The emulator does not run yet.");
    return this.#running.emulator;
  }

  /** A session of each identity, and the last of nobody. */
  get sessions(): readonly CartoSession[] {
    return this.#running?.sessions ?? [];
  }

  session(identity: Identity): CartoSession {
    const session = this.sessions[IDENTITIES.indexOf(identity)];
    if (session === undefined) throw new Error(`There is no session of ${identity}.`);
    return session;
  }

  /** Checks an answer to the operation with this ID. */
  expectDocumented(operationId: string, { status, body }: { status: number; body: unknown }): void {
    const operation = this.operations.find(({ id }) => id === operationId);
    expect(operation?.statuses, `${operationId} answered ${status}: ${JSON.stringify(body)}`).toContain(status);
    this.#seen.add(`${operationId} ${status}`);
    const validate = operation?.answers.get(status);
    if (validate) expect(validate(body), `${operationId} ${status}: ${JSON.stringify(validate.errors)}`).toBe(true);
    else expect(body).toBe("");
    if (status >= 400) expect(body).toMatchObject({ status });
  }

  /** A test of each operation with 400 requests. */
  testFuzz(): void {
    const { base, cases, request, prepare, accepted } = this.#options;
    test.each(this.operations)(
      `$id answers as documented, whatever is sent (seed ${SEED})`,
      { timeout: 60_000 },
      async (operation) => {
        await prepare?.(this.sessions);
        const requests = fc.asyncProperty(fc.nat({ max: IDENTITIES.length }), cases, async (who, one) => {
          const { id, query = "", body, headers } = request(one, this.emulator);
          const path = operation.path.replace(/\{\w+\}/, encodeURIComponent(id));
          const search = operation.id.startsWith("list") ? query : "";
          const sent = operation.acceptsBody ? body : undefined;
          const reply = await this.sessions[who]?.call(operation.method, `${base}${path}${search}`, sent, headers);
          if (reply === undefined) throw new Error(`There is no session ${who}.`);
          this.expectDocumented(operation.id, reply);
          if (reply.status >= 300) return;
          accepted?.(operation, reply);
          if (operation.acceptsBody)
            expect(operation.acceptsBody(JSON.parse(body)), `${operation.id} accepted ${body}`).toBe(true);
        });
        await fc.assert(requests, { numRuns: 400, seed: SEED });
      },
    );
  }

  /** Tests that every documented answer was met, and those that only a fault provokes. */
  testAnswers(): void {
    test("every answer that a request can provoke was met", () => {
      const provoked = this.operations.flatMap(({ id, statuses }) =>
        statuses.filter((status) => status !== 429 && status !== 503).map((status) => `${id} ${status}`),
      );
      expect([...this.#seen].sort()).toEqual(provoked.sort());
    });

    test.each([429, 503])("an injected %i is answered as documented by every operation", async (status) => {
      this.emulator.faults.add({ fault: "status", status, retryAfterSeconds: 1 });
      for (const { id, path, method } of this.operations) {
        const reply = await this.session("admin").call(method, this.#options.base + path.replace(/\{\w+\}/, "none"));
        expect(reply.status).toBe(status);
        this.expectDocumented(id, reply);
      }
      this.emulator.faults.clear();
    });
  }
}
