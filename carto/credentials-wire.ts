import { z } from "zod";
import type { ClientKind, OAuthClient, SpaProperties } from "../kinds/oauth-client/oauth-client.ts";
import { serverText } from "./server-text.ts";

/*
 * The assumed members of CARTO's REST API for OAuth clients, and the properties they correspond to.
 */

const WIRE = {
  name: "title",
  applicationLoginUrl: "login_uri",
  allowedCallbackUrls: "callbacks",
  allowedLogoutUrls: "logout_urls",
  allowedWebOrigins: "web_origins",
  allowedOrigins: "allowed_origins",
} as const satisfies Record<keyof SpaProperties | "name", string>;

const Urls = z.array(z.string()).optional();
/** A client in an answer. */
export const WireClient = z.object({
  client_id: z.string().min(1),
  type: z.enum(["spa", "m2m"]),
  title: z.string(),
  login_uri: z.string().optional(),
  callbacks: Urls,
  logout_urls: Urls,
  web_origins: Urls,
  allowed_origins: Urls,
  owner_id: z.string(),
  created_at: z.string(),
  updated_at: z.string(),
  client_secret: z.string().min(1).optional(),
});

/** A page of a listing. */
export const WirePage = z.object({ data: z.array(WireClient), page: z.int(), page_size: z.int(), total: z.int() });

/** A refusal, except its issues. */
export const WireError = z.object({
  error: z.string(),
  description: z.string().optional(),
  error_description: z.string().optional(),
  client_id: z.string().optional(),
});

/** What to change of a client; members left out stay as they are. */
export type ClientChange = Partial<SpaProperties> & { name?: string };

/** What to create. For a SPA OAuth client all URLs are given: nothing is left to CARTO's defaults. */
export type NewClient = ClientChange & { kind: ClientKind; name: string };

/** A client, by the names of its properties. */
export function toModel(wire: z.infer<typeof WireClient>): OAuthClient {
  const stored = {
    id: wire.client_id,
    name: wire.title,
    ownerId: wire.owner_id,
    createdAt: wire.created_at,
    updatedAt: wire.updated_at,
    ...(wire.client_secret !== undefined && { clientSecret: wire.client_secret }),
  };
  if (wire.type === "m2m") return { kind: "m2m", ...stored };
  return {
    kind: "spa",
    ...stored,
    applicationLoginUrl: wire.login_uri ?? "",
    allowedCallbackUrls: wire.callbacks ?? [],
    allowedLogoutUrls: wire.logout_urls ?? [],
    allowedWebOrigins: wire.web_origins ?? [],
    allowedOrigins: wire.allowed_origins ?? [],
  };
}

/** The members of a request that creates or changes a client. */
export function toWire(properties: ClientChange): Record<string, unknown> {
  const members = Object.entries(WIRE) as [keyof typeof WIRE, string][];
  return Object.fromEntries(
    members.filter(([name]) => properties[name] !== undefined).map(([name, member]) => [member, properties[name]]),
  );
}

/** `callbacks[2]` as the user wrote it: `allowedCallbackUrls[2]`. */
export function propertyOf(path: string): string {
  const [member = "", rest = ""] = path.split(/(?=\[)/, 2);
  const [name] = Object.entries(WIRE).find(([, own]) => own === member) ?? [];
  return name === undefined ? (serverText(path, []) ?? "") : name + (/^\[\d{1,3}\]/.exec(rest)?.[0] ?? "");
}
