import { parseDateTime } from "../date-time.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
const SOON_DAYS = 30;

/**
 * When a token expires, if it does within 30 days: `in 12 days`, `within a day`, `expired`.
 *
 * @param expiration milliseconds since the epoch, or RFC 3339
 * @param now milliseconds since the epoch
 * @returns undefined for a token that lasts longer, or for ever
 */
export function expiresSoon(expiration: number | string | undefined, now: number): string | undefined {
  const days = daysLeft(expiration, now);
  return days < SOON_DAYS ? inWords(days) : undefined;
}

/**
 * The same for any token that expires at all.
 *
 * @returns undefined for a token that lasts for ever
 */
export function timeLeft(expiration: number | string | undefined, now: number): string | undefined {
  const days = daysLeft(expiration, now);
  return Number.isFinite(days) ? inWords(days) : undefined;
}

/** Whole days; infinite for a token that lasts for ever. */
function daysLeft(expiration: number | string | undefined, now: number): number {
  const time = typeof expiration === "string" ? parseDateTime(expiration) : expiration;
  return time === undefined ? Number.POSITIVE_INFINITY : Math.floor((time - now) / DAY_MS);
}

function inWords(days: number): string {
  if (days < 0) return "expired";
  return days < 1 ? "within a day" : `in ${days} ${days === 1 ? "day" : "days"}`;
}
