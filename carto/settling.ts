import type { Clock } from "./http.ts";

/** A read may not see a resource this young everywhere yet: it is not treated as deleted. */
export const SETTLING_MS = 10_000;
const PAUSE_MS = 500;

/** Reads until the answer is right or the time is up: reads may lag behind writes. */
export async function readUntil<Resource>(
  read: () => Promise<Resource | undefined>,
  clock: Pick<Clock, "now" | "sleep">,
  time: number,
  isRight: (resource: Resource | undefined) => boolean,
): Promise<Resource | undefined> {
  for (;;) {
    const resource = await read();
    if (isRight(resource) || clock.now() > time) return resource;
    await clock.sleep(PAUSE_MS);
  }
}
