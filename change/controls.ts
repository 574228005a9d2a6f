import type { Access } from "../kinds/access.ts";
import type { Failure } from "../kinds/failure.ts";
import type { Policy } from "../kinds/policy.ts";
import { untrustedHosts } from "../kinds/trusted-domains.ts";
import { quote } from "../kinds/url/quote.ts";
import type { SettingChange, Versions } from "./change.ts";
import { at, type Exposure, type Locate } from "./exposure.ts";
import { distinctText, isHidden, shown, shownUrl } from "./shown-value.ts";

/** What surrounds the clients of one environment. */
export interface Context {
  /** Of clients that set none themselves. Unset: `standard`. */
  policy?: Versions<Policy> | undefined;
  /** Domains that the older version trusts. Unset: none, and no host is refused for it. */
  trustedDomains?: readonly string[] | undefined;
  /** Domains that the newer version trusts. Unset: no host is refused for it. */
  newTrustedDomains?: readonly string[] | undefined;
}

/** The controls that hold for a client, defaults laid in. */
interface Settings {
  deletionProtection: "on" | "off";
  policy: string;
  exemptions: Exemption[];
}

interface Exemption {
  /** Path of the input. */
  property: string;
  rule: unknown;
  /** The URL, or the `value` of an API Access Token; undefined where the finding is about the whole token. */
  about: unknown;
  reason: unknown;
}

type Inputs = Readonly<Record<string, unknown>>;

/** Settings of a resource that control who may change it. */
export function readSettings(inputs: Inputs, surrounding: Policy = "standard"): Settings {
  const policy = inputs.policy === undefined ? surrounding : (shown(inputs.policy) ?? "standard");
  // The production policy switches it on where nothing is said.
  const isProtected = inputs.deletionProtection ?? policy === "production";
  return {
    deletionProtection: isProtected === true ? "on" : "off",
    policy,
    exemptions: exemptions(inputs.allow),
  };
}

/** Every control that is weaker than before; for a new client, than what surrounds it asks for. */
export function weakenedControls(
  old: Settings | undefined,
  next: Settings,
  locate: Locate,
  { policy }: Context,
): Exposure[] {
  const before = old ?? readSettings({}, policy?.old ?? policy?.new);
  const weakened = (property: string, reason: string): Exposure => ({
    rule: "control-weakened",
    property,
    reason,
    ...at(locate, property),
  });
  const found: Exposure[] = [];
  if (before.deletionProtection === "on" && next.deletionProtection === "off") {
    const reason = old
      ? "Deletion protection is lifted: a later change can delete this client."
      : "A new client without the deletion protection of the production policy.";
    found.push(weakened("deletionProtection", reason));
  }
  if (before.policy === "production" && next.policy !== "production") {
    const reason = "The policy is loosened from production: dangerous findings are no longer failures.";
    found.push(weakened("policy", old ? reason : "A new client without the production policy that surrounds it."));
  }
  const known = new Set(before.exemptions.map(exemptionKey));
  for (const exemption of next.exemptions.filter((one) => !known.has(exemptionKey(one)))) {
    const { property, rule, about, reason: claim } = exemption;
    const reason =
      rule === undefined
        ? "Exemptions that are not known yet."
        : `A new exemption from rule ${quote(rule)}${aboutText(about)}.`;
    found.push({ ...weakened(property, reason), ...(typeof claim === "string" && { claim }) });
  }
  return found;
}

/**
 * Under the production policy, hosts outside the trusted domains: of the newer version all, and those that are new also where the older
 * version does not trust them, so that a change cannot vouch for itself.
 */
export function domainFailures(
  can: readonly Access[],
  added: readonly Access[],
  policy: string | undefined,
  { trustedDomains, newTrustedDomains }: Context,
): Failure[] {
  if (policy !== "production") return [];
  const found = [
    ...(newTrustedDomains ? untrustedHosts(can, newTrustedDomains, "the trusted domains") : []),
    ...(trustedDomains ? untrustedHosts(added, trustedDomains, "the domains that the older version trusts") : []),
  ];
  return [...new Map(found.map((failure) => [failure.property, failure])).values()];
}

/** What changes of the settings that never reach CARTO, in words. */
export function settingChanges(olds: Inputs | undefined, news: Inputs | undefined): SettingChange[] {
  return (["deletionProtection", "policy", "allow"] as const).flatMap((property) => {
    const [old, next] = [olds && textOf(property, olds), news && textOf(property, news)];
    if (JSON.stringify(olds?.[property]) === JSON.stringify(news?.[property]) && old === next) return [];
    if (old === undefined && next === undefined) return [];
    return [
      {
        property,
        ...(old !== undefined && { old }),
        ...(next !== undefined && { new: distinctText(next, [old]) }),
      },
    ];
  });
}

function textOf(property: SettingChange["property"], inputs: Inputs): string | undefined {
  if (property === "policy") return shown(inputs.policy);
  if (property === "allow") return inputs.allow === undefined ? undefined : exemptionTexts(inputs.allow);
  const { deletionProtection, policy } = inputs;
  if (deletionProtection === undefined) return policy === "production" ? "on" : undefined;
  return deletionProtection === true ? "on" : "off";
}

function exemptionTexts(allow: unknown): string {
  const texts = exemptions(allow).map(
    ({ rule, about, reason }) =>
      `${shown(rule) ?? "?"}${about === undefined ? "" : ` ${shownUrl(about) ?? "?"}`} (${shown(reason) ?? "?"})`,
  );
  return texts.length > 0 ? texts.join("; ") : "none";
}

function exemptions(allow: unknown): Exemption[] {
  if (allow === undefined) return [];
  if (!Array.isArray(allow)) return [{ property: "allow", rule: undefined, about: allow, reason: undefined }];
  return allow.map(
    (entry: { rule?: unknown; url?: unknown; value?: unknown; reason?: unknown } | undefined, index) => ({
      property: `allow[${index}]`,
      rule: entry?.rule,
      about: entry?.url ?? entry?.value,
      reason: entry?.reason,
    }),
  );
}

function aboutText(about: unknown): string {
  if (about === undefined) return "";
  return ` for ${typeof about === "string" && !isHidden(about) ? quote(about) : "a value that is not known yet"}`;
}

/** Another reason for the same exemption does not widen it. */
function exemptionKey({ rule, about }: Exemption): string {
  return JSON.stringify([rule, about]);
}
