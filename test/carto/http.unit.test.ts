import { MockAgent } from "undici";
import { afterEach, beforeEach, expect, test } from "vitest";
import { CartoError } from "../../carto/errors.ts";
import { Http, type HttpOptions, type HttpRequest } from "../../carto/http.ts";
import { FakeClock } from "../../harness/fake-clock.ts";

const ORIGIN = "https://api.example.com";
const CREATE: HttpRequest = {
  subject: "Creating it",
  method: "POST",
  url: `${ORIGIN}/things`,
  body: "{}",
  repeatable: false,
};
const READ: HttpRequest = { subject: "Reading it", method: "GET", url: `${ORIGIN}/things?page=1`, repeatable: true };

let agent: MockAgent;
let clock: FakeClock;

beforeEach(() => {
  agent = new MockAgent();
  agent.disableNetConnect();
  clock = new FakeClock();
});
afterEach(() => agent.close());

const http = (options: Partial<HttpOptions> = {}) =>
  new Http({ retryBudgetSeconds: 120, dispatcher: agent, clock, ...options });
const on = (request: HttpRequest) =>
  agent.get(ORIGIN).intercept({ path: request === READ ? "/things?page=1" : "/things", method: request.method });
const refused = async (request: HttpRequest, options?: Partial<HttpOptions>) => {
  const error = await http(options)
    .request(request)
    .then(
      () => undefined,
      (reason: unknown) => reason,
    );
  if (!(error instanceof CartoError)) throw new Error(`no CartoError but ${error}`);
  return error;
};
const failure = (code: string, more = {}) => Object.assign(new Error("token s3cret"), { code, ...more });

test("a JSON answer comes parsed, with its status", async () => {
  on(CREATE).reply(201, { id: 1 });
  expect(await http().request(CREATE)).toEqual({ status: 201, body: { id: 1 }, unconfirmed: false });
});

test("an empty answer has no body", async () => {
  on(CREATE).reply(204, "");
  expect(await http().request(CREATE)).toEqual({ status: 204, body: undefined, unconfirmed: false });
});

test("a refusal is an answer, even when its body cannot be read", async () => {
  on(READ).reply(404, "<html>");
  expect(await http().request(READ)).toEqual({ status: 404, body: undefined, unconfirmed: false });
});

test("Retry-After in seconds is waited out, with jitter", async () => {
  on(CREATE).reply(429, {}, { headers: { "retry-after": "7" } });
  on(CREATE).reply(201, {});
  await http().request(CREATE);
  expect(clock.sleeps).toEqual([7125]);
});

test("Retry-After as a date is waited out", async () => {
  const date = new Date(clock.now() + 9000).toUTCString();
  on(READ).reply(503, {}, { headers: { "retry-after": date } });
  on(READ).reply(200, {});
  await http().request(READ);
  expect(clock.sleeps).toEqual([9125]);
});

test("Retry-After: 0 does not lead to hammering: pauses grow as without it", async () => {
  on(READ)
    .reply(429, {}, { headers: { "retry-after": "0" } })
    .times(4);
  on(READ).reply(200, {});
  await http().request(READ);
  expect(clock.sleeps).toEqual([150, 300, 600, 1200]);
});

test("a busy API is waited for within the budget, then reported", async () => {
  on(READ).reply(429, {}).persist();
  const error = await refused(READ, { retryBudgetSeconds: 30 });
  expect(error.code).toBe("rate_limited");
  expect(error.status).toBe(429);
  expect(error.message).toBe(
    "Reading it: https://api.example.com limits the rate of requests (429), also after 24.5 s of retries. More waiting would exceed the retry budget of 30 s (carto:retryBudgetSeconds). Run it again later, or set carto:requestsPerSecond.",
  );
  expect(clock.sleeps.reduce((sum, ms) => sum + ms)).toBeLessThanOrEqual(30_000);
  expect(clock.sleeps.length).toBeGreaterThan(5);
});

test("a Retry-After beyond the budget is not waited for at all", async () => {
  on(READ).reply(503, {}, { headers: { "retry-after": "3600" } });
  const error = await refused(READ);
  expect([error.code, clock.sleeps]).toEqual(["unavailable", []]);
  expect(error.message).toBe(
    "Reading it: https://api.example.com is unavailable (503). It asks to wait 3600 s. More waiting would exceed the retry budget of 120 s (carto:retryBudgetSeconds). Run it again later.",
  );
});

test("a 429 was refused before anything was done: even an unrepeatable request is sent again", async () => {
  on(CREATE).reply(429, {});
  on(CREATE).reply(201, { id: 1 });
  expect((await http().request(CREATE)).status).toBe(201);
});

test.each<[string, () => void, string]>([
  ["503", () => on(CREATE).reply(503, {}), "unavailable"],
  ["500", () => on(CREATE).reply(500, {}), "unavailable"],
  ["a reset", () => on(CREATE).replyWithError(failure("ECONNRESET")), "connection_lost"],
  ["silence", () => on(CREATE).replyWithError(failure("UND_ERR_HEADERS_TIMEOUT")), "timeout"],
  ["something unreadable", () => on(CREATE).reply(200, "<html>"), "unexpected_answer"],
])("after %s an unrepeatable request is never sent again", async (_what, happens, code) => {
  happens();
  on(CREATE).reply(201, {});
  expect((await refused(CREATE)).code).toBe(code);
  expect(agent.pendingInterceptors()).toHaveLength(1);
});

test.each<[string, () => void]>([
  ["502", () => on(READ).reply(502, "<html>")],
  ["a reset", () => on(READ).replyWithError(failure("ECONNRESET"))],
  ["silence in the body", () => on(READ).replyWithError(failure("UND_ERR_BODY_TIMEOUT"))],
  ["something unreadable", () => on(READ).reply(200, '{"id":')],
])("after %s a repeatable request is sent again", async (_what, happens) => {
  happens();
  on(READ).reply(200, { id: 1 });
  expect((await http().request(READ)).body).toEqual({ id: 1 });
});

test("five attempts are enough, each pause longer than the one before", async () => {
  on(READ).replyWithError(failure("ECONNRESET")).persist();
  const error = await refused(READ);
  expect(error.message).toBe(
    "Reading it: https://api.example.com broke the connection (ECONNRESET) before it answered. Run it again; if it happens again, check the network and the proxy settings.",
  );
  expect(clock.sleeps).toEqual([150, 300, 600, 1200]);
});

test.each<[string, Error]>([
  ["a refused connection", failure("ECONNREFUSED")],
  ["an unknown host", failure("ENOTFOUND")],
  ["a connection that timed out while it was made", failure("ETIMEDOUT", { syscall: "connect" })],
  ["a proxy that refused the tunnel", failure("UND_ERR_ABORTED")],
])("%s sent nothing: even an unrepeatable request is tried again", async (_what, error) => {
  on(CREATE).replyWithError(error);
  on(CREATE).reply(201, {});
  expect((await http().request(CREATE)).status).toBe(201);
});

test("a certificate that is not trusted ends it at once, naming NODE_EXTRA_CA_CERTS", async () => {
  on(CREATE).replyWithError(failure("SELF_SIGNED_CERT_IN_CHAIN"));
  const error = await refused(CREATE);
  expect([error.code, clock.sleeps]).toEqual(["unreachable", []]);
  expect(error.message).toBe(
    "Creating it: https://api.example.com cannot be trusted (SELF_SIGNED_CERT_IN_CHAIN). For a private certificate authority set NODE_EXTRA_CA_CERTS to its certificate.",
  );
});

test("a token that no header can hold is a matter of configuration, and is not quoted", async () => {
  on(READ).replyWithError(failure("UND_ERR_INVALID_ARG"));
  const error = await refused(READ);
  expect(error.message).toBe(
    "Reading it: https://api.example.com was not asked: the access token or a URL contains characters that HTTP does not allow. Correct it.",
  );
});

test("a redirect is never followed", async () => {
  on(READ).reply(302, "", { headers: { location: "https://elsewhere.example/" } });
  const error = await refused(READ);
  expect(error.message).toBe(
    "Reading it: https://api.example.com answered with a redirect (302), which is never followed. Configure the URL it leads to.",
  );
});

test("no message holds a query, a body or what the cause said", async () => {
  on(READ).replyWithError(failure("ECONNRESET")).persist();
  const { message, stack } = await refused(READ);
  for (const secret of ["page=1", "s3cret"]) expect(`${message}${stack}`).not.toContain(secret);
});

test("requests of one instance share the pace", async () => {
  on(READ).reply(200, {}).times(3);
  const paced = http({ requestsPerSecond: 4 });
  await Promise.all([paced.request(READ), paced.request(READ), paced.request(READ)]);
  expect(clock.sleeps).toHaveLength(2);
  expect(clock.now() - new FakeClock().now()).toBeGreaterThanOrEqual(500);
});

test("a repeated attempt keeps the pace too", async () => {
  on(READ).reply(500, {});
  on(READ).reply(200, {});
  await http({ requestsPerSecond: 1 }).request(READ);
  expect(clock.sleeps).toEqual([150, 850]);
});

test("a POST that is not repeatable says nothing of a retry budget when the API is unavailable", async () => {
  on(CREATE).reply(503, {}, { headers: { "retry-after": "2" } });
  expect((await refused(CREATE)).message).toBe(
    "Creating it: https://api.example.com is unavailable (503). It asks to wait 2 s. Run it again later.",
  );
});

test("the time in the message is the time that was waited", async () => {
  on(READ).reply(503, {}, { headers: { "retry-after": "1" } });
  on(READ).reply(503, {}, { headers: { "retry-after": "200" } });
  expect((await refused(READ)).message).toBe(
    "Reading it: https://api.example.com is unavailable (503), also after 1.1 s of retries. It asks to wait 200 s. More waiting would exceed the retry budget of 120 s (carto:retryBudgetSeconds). Run it again later.",
  );
});

test.each<[string, () => void, boolean]>([
  ["a 429", () => on(READ).reply(429, {}), false],
  ["a refused connection", () => on(READ).replyWithError(failure("ECONNREFUSED")), false],
  ["a 503", () => on(READ).reply(503, {}), true],
  ["a 500", () => on(READ).reply(500, {}), true],
  ["a reset", () => on(READ).replyWithError(failure("ECONNRESET")), true],
  ["something unreadable", () => on(READ).reply(200, '{"id":'), true],
])("after %s the answer says whether the request may have been carried out before: %s", async (_what, happens, may) => {
  happens();
  on(READ).reply(200, {});
  expect((await http().request(READ)).unconfirmed).toBe(may);
});

test("an answer that cannot be read is not blamed on a proxy", async () => {
  on(READ).reply(200, '{"id":').persist();
  expect((await refused(READ)).message).toBe(
    "Reading it: https://api.example.com answered 200 with something that cannot be read: another server than CARTO's, or an answer that was cut off. Check the configured URL, then run it again.",
  );
});

test("authorization is asked for at each attempt, after the waiting", async () => {
  on(READ).reply(429, {}, { headers: { "retry-after": "5" } });
  on(READ).reply(200, {});
  const asked: number[] = [];
  const begun = clock.now();
  const authorization = async () => `Bearer ${asked.push(clock.now() - begun)}`;
  const credential = { namedBy: "the test", trust: { hosts: ["api.example.com"] }, authorization };
  await http().request({ ...READ, credential });
  expect(asked).toEqual([0, 5125]);
});
