import type { Policy } from "../policy.ts";

/** CARTO's APIs that a token may call. `imports` cannot be combined: it writes, and its grants mean something else. */
export const APIS = ["sql", "maps", "imports", "lds"] as const;

/** One of `APIS`. */
export type Api = (typeof APIS)[number];

/** What a token may read through one connection. */
export interface Grant {
  /** Name of a connection at CARTO, e.g. `carto_dw`. */
  connectionName: string;
  /**
   * A fully qualified table or tileset (`my-project.dataset.table`), a SQL query, a pattern with at least two dot-separated segments
   * before the star (`carto.shared.CARTO_*`), or `*`: everything that the connection reaches.
   */
  source: string;
}

/** Exempts one finding of one token under the production policy. */
export interface TokenExemption {
  /** Rule ID, e.g. `"every-table"`. See docs/rules.md. */
  rule: string;
  /** The source, referer or API that the finding is about, exactly as declared. Unset: the finding is about the whole token. */
  value?: string;
  /** Why it is right here. Required: an auditor reads it. */
  reason: string;
}

/**
 * Inputs of an API Access Token.
 *
 * @see CARTO for developers, "API Access Tokens"
 */
export interface ApiAccessTokenInputs {
  /** To recognise the token by. CARTO's names are unique, so a short suffix is appended there. A change updates in place. */
  name: string;
  /** At least one. A change updates in place. */
  grants: Grant[];
  /** At least one. A change updates in place. */
  allowedApis: Api[];
  /** Origins whose pages may use the token. Unset or `[]`: any website. A change updates in place. */
  referers?: string[];
  /** RFC 3339, e.g. `2027-06-30T00:00:00Z`. Unset: never. A change replaces the token: CARTO sets it at creation only. */
  expirationDate?: string;
  /** Unset: `false`, under the production policy `true`. While true, delete and replace fail. */
  deletionProtection?: boolean;
  /** Any text; a change replaces the token. Unset: never rotated. */
  rotationTrigger?: string;
  /** Unset: the provider's `carto:policy`, else `"standard"`. */
  policy?: Policy;
  /** Findings exempted under the production policy. Unset: none. */
  allow?: TokenExemption[];
}

/** What CARTO sets. */
export interface ApiAccessTokenOutputs {
  /** The token itself, always a Pulumi secret. */
  token: string;
  /** The name at CARTO: the declared one with the suffix that makes it unique, e.g. `Store map (pc-k3j9x2m4q8w7)`. */
  cartoName: string;
  /** `user_id` of the user whose credentials created the token: only that user sees it. */
  ownerId: string;
  /** RFC 3339; undefined if CARTO does not say. */
  createdAt: string | undefined;
}

/** An API Access Token as CARTO stores it. */
export interface ApiAccessToken
  extends Pick<ApiAccessTokenInputs, "name" | "grants" | "allowedApis" | "referers" | "expirationDate"> {
  /** The fingerprint of the token. */
  id: string;
  /** Undefined where a listing leaves it out. */
  token: string | undefined;
  cartoName: string;
  ownerId: string | undefined;
  createdAt: string | undefined;
}
