import type { Clock } from "../carto/http.ts";

/** A clock that moves only while something sleeps, with a fixed source of randomness. */
export class FakeClock implements Clock {
  time: number;
  /** Every sleep so far, in milliseconds. */
  readonly sleeps: number[] = [];

  constructor(time = Date.UTC(2026, 0, 1)) {
    this.time = time;
  }

  now(): number {
    return this.time;
  }

  sleep(ms: number): Promise<void> {
    this.sleeps.push(ms);
    this.time += ms;
    return Promise.resolve();
  }

  random(): number {
    return 0.5;
  }
}
