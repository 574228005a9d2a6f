import { setImmediate } from "node:timers/promises";
import type { Clock } from "../carto/http.ts";

/** Turns of the event loop after which whatever does not sleep has come to its end. */
const SETTLED = 20;

/** A clock for many concurrent sleepers that moves only while all of them sleep, with a fixed source of randomness. */
export class VirtualClock implements Clock {
  #now = Date.UTC(2026, 0, 1);
  #sleepers: { until: number; wake: () => void }[] = [];

  now(): number {
    return this.#now;
  }

  sleep(ms: number): Promise<void> {
    return new Promise((wake) => this.#sleepers.push({ until: this.#now + ms, wake }));
  }

  random(): number {
    return 0.5;
  }

  /** Lets time pass until the work is done. */
  async run<Result>(work: Promise<Result>): Promise<Result> {
    let done = false;
    const finish = () => {
      done = true;
    };
    work.then(finish, finish);
    while (!done) {
      for (let turn = 0; turn < SETTLED; turn++) await setImmediate();
      const [first, ...rest] = this.#sleepers.sort((a, b) => a.until - b.until);
      if (first === undefined) continue;
      this.#sleepers = rest;
      this.#now = Math.max(this.#now, first.until);
      first.wake();
    }
    return work;
  }
}
