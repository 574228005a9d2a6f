import { type Access, includesAccess } from "../kinds/access.ts";
import { EXPOSURES } from "../kinds/index.ts";
import { isUnder } from "../kinds/trusted-domains.ts";
import { registrableDomain } from "../kinds/url/public-suffix.ts";
import type { Location } from "./change.ts";

/** Exposures that no kind has: what a change does to a control, to an environment, or to a reader's eye. */
const OWN_RULES = {
  "secret-delivered": "`up` now writes the credentials of a client to a file, a command or a secret store.",
  "control-weakened": "A control is gone: deletion protection, the policy, an exemption or the trusted domains.",
  "credentials-redirected": "Whoever runs `up` sends the credentials for CARTO to another place than before.",
  "state-moved": "The state of an environment is now stored in another place, and clients may be left behind.",
  "look-alike": "A new host looks like one that is already in the manifest.",
} as const;

/** ID of an exposure that no kind has. */
export type OwnExposureRule = keyof typeof OWN_RULES;

/** What each exposure is, by rule ID: those of the kinds' accesses, and those that no kind has. `docs/report.md` explains each. */
export const EXPOSURE_RULES: Readonly<Record<string, string>> = {
  ...Object.fromEntries(Object.entries(EXPOSURES).map(([id, { text }]) => [id, text])),
  ...OWN_RULES,
};

/** A change that gives someone access, removes a control, or sends credentials elsewhere. */
export interface Exposure {
  /** A key of {@link EXPOSURE_RULES}. */
  rule: string;
  /** Path of the input that does it; empty: the client as a whole. */
  property: string;
  /** One sentence. Values in it are quoted, or plain host names. */
  reason: string;
  location?: Location;
  /** Who gets in, where it is a host that can be read: an origin such as `https://*.example.com`. */
  origin?: string;
  /** Its registrable domain, e.g. `example.com`. */
  domain?: string;
  /** Whether no client of the older version has a host of this domain; only in reports. */
  newDomain?: boolean;
  /** The domain is one that the older version of the manifest trusts: to be listed, not to alarm. */
  trusted?: true;
  /** What the author of an exemption gives as the reason: a claim, nothing more. */
  claim?: string;
}

/** An exposure of an environment as a whole, e.g. that its credentials go elsewhere. */
export interface EnvironmentExposure extends Exposure {
  environment: string;
}

/** Whether a person has to look at it. */
export function isAlarming({ trusted }: Exposure): boolean {
  return trusted !== true;
}

/** Adds to each property where it is written. */
export type Locate = (property: string) => Location | undefined;

/** What someone can do after a change that they could not do before. */
export function newAccess(before: readonly Access[], after: readonly Access[]): Access[] {
  return after.filter((access) => !before.some((old) => includesAccess(old, access)));
}

/**
 * New accesses as exposures, gathered by rule and origin.
 *
 * @param trustedDomains of the older version. Unset: none is trusted
 */
export function accessExposures(
  added: readonly Access[],
  locate: Locate,
  trustedDomains: readonly string[] = [],
): Exposure[] {
  const found = new Map<string, { access: Access; powers: string[] }>();
  for (const access of added) {
    const key = JSON.stringify([access.rule, access.value]);
    const entry = found.get(key) ?? { access, powers: [] };
    if (!entry.powers.includes(access.power)) entry.powers.push(access.power);
    found.set(key, entry);
  }
  return [...found.values()].map(({ access, powers }) => {
    const { rule, property, who, value, origin } = access;
    const reason = `${who} can now ${listed(powers, "and")}`;
    const exposure: Exposure = { rule, property, reason, ...at(locate, property) };
    if (origin === undefined) return exposure;
    const trusted = isUnder(origin.host, trustedDomains);
    return { ...exposure, origin: value, domain: registrableDomain(origin.host), ...(trusted && { trusted }) };
  });
}

/** E.g. `a, b and c`. */
export function listed(parts: readonly string[], conjunction: "and" | "or"): string {
  const last = parts.at(-1) ?? "";
  return parts.length < 2 ? last : `${parts.slice(0, -1).join(", ")} ${conjunction} ${last}`;
}

/** To be spread into what has a location where it is known. */
export function at(locate: Locate, property: string): { location?: Location } {
  const location = locate(property);
  return location === undefined ? {} : { location };
}
