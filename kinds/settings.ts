import type { Property } from "./kind.ts";
import type { Policy } from "./policy.ts";

/** Exempts one finding of one resource under the production policy. */
export interface Exemption {
  /** Rule id, e.g. `"wildcard"`. See docs/rules.md. */
  rule: string;
  /** The URL or origin the finding is about, exactly as declared. */
  url: string;
  /** Why it is right here. Required: an auditor reads it. */
  reason: string;
}

/** What is the provider's own and never reaches CARTO. Only what is set is stored. */
export interface LocalSettings {
  /** While true, delete and replace fail. Unset: `false`, under the production policy `true`. Lifting it takes a separate `up`. */
  deletionProtection?: boolean;
  /**
   * Any text. A change **replaces** the resource: a new one with a new ID and secret is created, dependents take them, then the old one
   * is deleted. Unset: never.
   */
  rotationTrigger?: string;
  /** `"production"` turns dangerous findings into failures. Unset: `carto:policy`, else `"standard"`. */
  policy?: Policy;
  /** Findings exempted under the production policy, each with a reason. Unset: none. */
  allow?: Exemption[];
}

/** The rows of the provider's own settings, for the kinds that have them. */
export const LOCAL_SETTINGS: Record<keyof LocalSettings, Property> = {
  deletionProtection: {
    label: "Deletion protection",
    shape: { of: "boolean" },
    local: true,
    change: "stays local",
    unset: "`false`; `true` under the production policy",
    description: "While true, delete and replace fail",
    otherNames: ["protect", "protected", "deleteprotection", "preventdestroy"],
    derive: (_inputs, policy) => (policy === "production" ? true : undefined),
  },
  rotationTrigger: {
    label: "Rotation trigger",
    shape: { of: "text" },
    local: true,
    change: "replaces",
    unset: "never rotated",
    description: "Any text; a change replaces the client: new client ID, new secret",
    otherNames: ["rotate", "rotation", "trigger", "triggers", "keepers"],
  },
  policy: {
    label: "Policy",
    shape: { of: "choice", choices: ["standard", "production"] },
    local: true,
    change: "stays local",
    unset: "the environment's policy, else `carto:policy`, else `standard`",
    description: "`production` turns dangerous findings into failures",
    otherNames: ["cartopolicy"],
  },
  allow: {
    label: "Exemptions",
    shape: {
      of: "list",
      order: "none",
      element: {
        of: "record",
        members: {
          rule: { shape: { of: "text" }, description: "Rule ID, e.g. `wildcard`" },
          url: { shape: { of: "text" }, description: "The URL or origin, exactly as declared" },
          reason: {
            shape: { of: "text", minLength: 1 },
            description: "Why the finding is acceptable here; read by auditors",
          },
        },
      },
    },
    local: true,
    change: "stays local",
    unset: "none",
    description: "Findings exempted under the production policy: `[{ rule, url, reason }]`",
    otherNames: ["excuse", "excuses", "exemption", "exemptions", "allowed", "exceptions", "ignore"],
  },
};
