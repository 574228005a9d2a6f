import { expect, test } from "vitest";
import { Pace } from "../../carto/pace.ts";
import { VirtualClock } from "../../harness/virtual-clock.ts";

/** A server that lets so many calls through in a second, in bursts of so many, and otherwise asks to wait a whole second. */
function limiter(clock: VirtualClock, requestsPerSecond: number, burst: number) {
  let allowance = burst;
  let countedAt = clock.now();
  return (): boolean => {
    allowance = Math.min(burst, allowance + ((clock.now() - countedAt) / 1000) * requestsPerSecond);
    countedAt = clock.now();
    if (allowance < 1) return false;
    allowance -= 1;
    return true;
  };
}

async function secondsFor(count: number, sideBySide: number, requestsPerSecond: number, burst: number) {
  const clock = new VirtualClock();
  const pace = new Pace(clock, undefined);
  const passes = limiter(clock, requestsPerSecond, burst);
  const begun = clock.now();
  let left = count;
  const worker = async () => {
    while (left-- > 0) {
      for (;;) {
        const turn = await pace.turn();
        await clock.sleep(20);
        if (passes()) {
          pace.succeeded(turn);
          break;
        }
        pace.refused(turn);
        await clock.sleep(1_125);
      }
    }
  };
  await clock.run(Promise.all(Array.from({ length: sideBySide }, worker)));
  return (clock.now() - begun) / 1000;
}

// What the server allows at best: (count - burst) / requestsPerSecond, and a second that the first 429 asks to wait.
test.each([
  [15, 15, 3, 3, 4.6],
  [15, 15, 3, 1, 7.2],
  [100, 16, 3, 1, 43.9],
  [200, 16, 10, 10, 20.1],
  [500, 16, 50, 50, 20.3],
])(
  "%d calls, %d at once, where %d a second are allowed in bursts of %d, take %d s",
  async (count, sideBySide, allowed, burst, seconds) => {
    expect(await secondsFor(count, sideBySide, allowed, burst)).toBeCloseTo(seconds, 1);
  },
);

test("without a limit nothing waits, and a limit is never exceeded however many succeed", async () => {
  const clock = new VirtualClock();
  const begun = clock.now();
  const free = new Pace(clock, undefined);
  for (let call = 0; call < 100; call++) free.succeeded(await free.turn());
  expect(clock.now()).toBe(begun);

  const limited = new Pace(clock, 4);
  const calls = async () => {
    for (let call = 0; call < 21; call++) limited.succeeded(await limited.turn());
  };
  await clock.run(calls());
  expect(clock.now() - begun).toBe(5_000);
});

test("refusals of requests that went out together reduce the rate once", async () => {
  const clock = new VirtualClock();
  const pace = new Pace(clock, undefined);
  const turns = await Promise.all([pace.turn(), pace.turn(), pace.turn()]);
  await clock.run(clock.sleep(50));
  for (const turn of turns) pace.refused(turn);
  const begun = clock.now();
  await clock.run(Promise.all([pace.turn(), pace.turn(), pace.turn()]));
  expect(clock.now() - begun).toBe(300);
});

test("what is urgent goes ahead of those who wait, and they wait that much longer", async () => {
  const clock = new VirtualClock();
  const pace = new Pace(clock, 1);
  const begun = clock.now();
  const waiting = Promise.all([pace.turn(), pace.turn()]);
  expect(pace.ahead()).toEqual({ at: begun, waited: false });
  const turns = await clock.run(waiting);
  expect(turns.map(({ at }) => at - begun)).toEqual([1_000, 2_000]);
});
