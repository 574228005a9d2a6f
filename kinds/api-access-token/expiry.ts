import { parseDateTime } from "../date-time.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
const SOON_DAYS = 30;

/**
 * When a token expires, if within 30 days: `in 12 days`, `within a day`, `expired`.
 *
 * @param expiration milliseconds since the epoch, or RFC 3339
 * @param now milliseconds since the epoch
 * @returns undefined for a token that lasts longer, or for ever
 */
export function expiresSoon(expiration: number | string | undefined, now: number): string | undefined {
  const time = typeof expiration === "string" ? parseDateTime(expiration) : expiration;
  const days = time === undefined ? Number.POSITIVE_INFINITY : Math.floor((time - now) / DAY_MS);
  if (days >= SOON_DAYS) return undefined;
  if (days < 0) return "expired";
  return days < 1 ? "within a day" : `in ${days} ${days === 1 ? "day" : "days"}`;
}
