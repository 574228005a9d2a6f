import type { Clock } from "./http.ts";

/** Requests per second that the first 429 leaves, where there was no limit before. */
const FIRST_RATE = 10;
const LOWEST_RATE = 0.5;
/** From this rate on nothing is gained by spacing requests. */
const UNLIMITED_RATE = 100;
/** What a 429 leaves of the rate. */
const DECREASE = 0.7;
/** What each request that had to wait for its turn, and was answered, adds to the rate. */
const INCREASE = 0.1;

/** When a request went out, and whether it had to wait for its turn. */
export interface Turn {
  at: number;
  waited: boolean;
}

/**
 * Decides when requests may be sent. A 429 reduces the rate by a factor, each success adds to it: additive increase, multiplicative
 * decrease, as TCP finds the capacity of a line. Without a limit and before the first 429 nothing waits.
 */
export class Pace {
  readonly #clock: Pick<Clock, "now" | "sleep">;
  /** Requests per second that are never exceeded. */
  readonly #ceiling: number;
  #rate: number;
  #reducedAt = 0;
  #next = 0;
  #queue: Promise<void> = Promise.resolve();

  /** @param requestsPerSecond undefined: unlimited */
  constructor(clock: Pick<Clock, "now" | "sleep">, requestsPerSecond: number | undefined) {
    this.#clock = clock;
    this.#ceiling = requestsPerSecond ?? Number.POSITIVE_INFINITY;
    this.#rate = this.#ceiling;
  }

  /** Resolves when it is the request's turn, in the order of the calls. */
  async turn(): Promise<Turn> {
    const asked = this.#clock.now();
    if (this.#rate !== Number.POSITIVE_INFINITY) {
      this.#queue = this.#queue.then(() => this.#wait());
      await this.#queue;
    }
    const at = this.#clock.now();
    return { at, waited: at > asked };
  }

  /** For what the others wait for, a new access token: it goes out at once, and they wait that much longer. */
  ahead(): Turn {
    const at = this.#clock.now();
    this.#next = Math.max(this.#next, at) + 1000 / this.#rate;
    return { at, waited: false };
  }

  succeeded({ waited }: Turn): void {
    if (!waited) return; // no request waited: this says nothing about the rate
    const rate = this.#rate + INCREASE;
    this.#rate = rate >= UNLIMITED_RATE ? this.#ceiling : Math.min(rate, this.#ceiling);
  }

  /** Of requests that went out before the last reduction, a refusal says nothing about the new rate. */
  refused({ at }: Turn): void {
    if (at < this.#reducedAt) return;
    const reduced = this.#rate === Number.POSITIVE_INFINITY ? FIRST_RATE : this.#rate * DECREASE;
    this.#rate = Math.min(this.#ceiling, Math.max(LOWEST_RATE, reduced));
    this.#reducedAt = this.#clock.now();
    this.#next = Math.max(this.#next, this.#reducedAt + 1000 / this.#rate);
  }

  async #wait(): Promise<void> {
    // The rate may fall while this one sleeps.
    for (let now = this.#clock.now(); now < this.#next; now = this.#clock.now())
      await this.#clock.sleep(this.#next - now);
    this.#next = this.#clock.now() + 1000 / this.#rate;
  }
}
