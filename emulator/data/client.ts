import type { UrlList } from "../url/rules.ts";

/** CARTO's plan of an organization, which decides about M2M OAuth clients. */
export type Plan = "enterprise_large" | "small";

/** What a user may do. */
export type Role = "admin" | "editor" | "viewer";

/** A seeded user. */
export interface User {
  user_id: string;
  email: string;
  name: string;
  role: Role;
  organization_id: string;
  organization: string;
  plan: Plan;
}

/** A client as it is stored; only spa clients have the URL members. */
export interface Client extends Partial<Record<UrlList, string[]>> {
  client_id: string;
  type: "spa" | "m2m";
  title: string;
  login_uri?: string;
  client_secret: string;
  owner_id: string;
  created_at: string;
  updated_at: string;
}

/** A client before it has an ID, a secret and an owner. */
export type NewClient = Pick<Client, "type" | "title" | "login_uri" | UrlList>;

/** The client as listings show it. */
export function withoutSecret({ client_secret: _, ...client }: Client): Omit<Client, "client_secret"> {
  return client;
}
