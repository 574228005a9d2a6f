import { type Access, covers, includesAccess } from "../kinds/access.ts";
import { listed } from "./exposure.ts";

/** Who could reach a client before a change and cannot after it. */
export interface LostReach {
  /** An origin such as `https://*.example.com`, or a placeholder for everyone. */
  origin: string;
  /** In words, e.g. `any host one level under preview.example.com`. */
  who: string;
  /** What they could do, e.g. `receive logins`. */
  powers: string[];
  /** Only the URL on the host changed, and requests with the old one are refused. */
  moved: boolean;
  /** Whether logins stop there. */
  locksOut: boolean;
  /** What may come of it, e.g. `this may break pages`; absent for logins, where `locksOut` says it. */
  consequence?: string;
}

/**
 * Who loses access, grouped by origin. A wildcard that is narrowed, or replaced by hosts that it covered, is not a loss: whoever wrote that
 * knows the hosts.
 */
export function lostAccess(before: readonly Access[], after: readonly Access[]): LostReach[] {
  const found = new Map<string, LostReach>();
  const add = ({ value, who, power, vital, whenLost }: Access, moved: boolean) => {
    const key = `${moved} ${value}`;
    const consequence = whenLost === undefined ? {} : { consequence: whenLost };
    const entry = found.get(key) ?? { origin: value, who, powers: [], moved, locksOut: false, ...consequence };
    if (!entry.powers.includes(power)) entry.powers.push(power);
    entry.locksOut ||= vital === true;
    found.set(key, entry);
  };
  for (const access of before) {
    if (access.whenLost !== undefined) {
      // Where anyone may use it from now on, or a broader grant holds it, nothing is lost.
      if (!after.some((one) => includesAccess(one, access))) add(access, false);
      continue;
    }
    if (access.origin === undefined || access.rule !== "login-host-added") continue;
    const still = after.filter((one) => isSamePower(access, one) && (covers(one, access) || covers(access, one)));
    if (still.length === 0) add(access, false);
    else if (access.exact !== undefined) {
      const known = before
        .filter((one) => one.power === access.power && one.value === access.value)
        .map(({ exact }) => exact);
      if (!still.some(({ exact }) => known.includes(exact))) add(access, true);
    }
  }
  return [...found.values()];
}

/** One sentence, e.g. `app.example.com can no longer receive logins`. */
export function lostReachSentence({ who, powers, moved, consequence }: LostReach): string {
  if (consequence !== undefined) return `${who} can no longer ${listed(powers, "or")}: ${consequence}`;
  if (moved) return `${who} can no longer ${listed(powers, "or")} at any of its old URLs`;
  return `${who} can no longer ${listed(powers, "or")}`;
}

function isSamePower(lost: Access, other: Access): boolean {
  return lost.power === other.power || lost.alsoBy?.includes(other.power) === true;
}
