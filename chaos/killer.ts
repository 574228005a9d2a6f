import type { Kill } from "./schedule.ts";

/** Counts the calls that an emulator serves, and kills a process at the chosen one. */
export class Killer {
  #waiting: (() => void) | undefined;

  /** To be told of every call that is served. */
  readonly served = (): void => this.#waiting?.();

  /**
   * Waits for the moment, then kills, unless the operation ends before.
   *
   * @param kill returns whether there was a process to kill
   * @returns what came of the operation, and whether it was killed
   */
  async during<T>(plan: Kill | undefined, operation: Promise<T>, kill: () => boolean): Promise<[T, boolean]> {
    if (!plan) return [await operation, false];
    let killed = false;
    let timer: NodeJS.Timeout | undefined;
    let toServe = plan.afterRequests;
    const arm = () => {
      this.#waiting = undefined;
      timer = setTimeout(() => {
        killed = kill();
      }, plan.delayMs);
    };
    if (toServe === 0) arm();
    else
      this.#waiting = () => {
        toServe -= 1;
        if (toServe === 0) arm();
      };
    try {
      return [await operation, killed];
    } finally {
      this.#waiting = undefined;
      clearTimeout(timer);
    }
  }
}
