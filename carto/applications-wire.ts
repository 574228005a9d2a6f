import { z } from "zod";
import type { ApplicationInputs, StoredApplication } from "../kinds/application/application.ts";

/*
 * The assumed members of CARTO's REST API for applications, and the properties they correspond to.
 */

/** What to create: nothing is left to CARTO's defaults. */
export type NewApplication = Required<
  Pick<ApplicationInputs, "name" | "description" | "appUrl" | "thumbnailUrl" | "sharing" | "pinnedToHome">
>;

const WIRE = {
  name: "name",
  description: "description",
  appUrl: "app_url",
  thumbnailUrl: "thumbnail_url",
  sharing: "sharing",
  pinnedToHome: "pinned",
} as const satisfies Record<keyof NewApplication, string>;

/** What CARTO takes to be cleared instead of empty. */
const CLEARABLE: readonly string[] = ["description", "thumbnailUrl"];

/** An application in an answer. */
export const WireApplication = z.object({
  application_id: z.string().min(1),
  name: z.string(),
  description: z.string().nullish(),
  app_url: z.string(),
  thumbnail_url: z.string().nullish(),
  sharing: z.object({
    scope: z.enum(["private", "organization", "groups"]),
    groups: z.array(z.string()).optional(),
  }),
  pinned: z.boolean(),
  owner_id: z.string(),
  created_at: z.string(),
  updated_at: z.string(),
});

/** A page of a listing. */
export const WirePage = z.object({ data: z.array(WireApplication), page: z.int(), page_size: z.int(), total: z.int() });

/** The groups of the organization. */
export const WireGroups = z.object({ data: z.array(z.object({ name: z.string() })) });

/** A request that shares with groups. */
export const WireSharing = z.object({ sharing: z.object({ groups: z.array(z.string()) }) });

/** A refusal. */
export const WireError = z.object({
  application_id: z.string().optional(),
  issues: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
});

/** An application, by the names of its properties. */
export function toModel(wire: z.infer<typeof WireApplication>): StoredApplication {
  const { scope, groups = [] } = wire.sharing;
  return {
    kind: "application",
    id: wire.application_id,
    name: wire.name,
    description: wire.description ?? "",
    appUrl: wire.app_url,
    thumbnailUrl: wire.thumbnail_url ?? "",
    sharing: scope === "groups" ? { groups } : scope,
    pinnedToHome: wire.pinned,
    ownerId: wire.owner_id,
    createdAt: wire.created_at,
    updatedAt: wire.updated_at,
  };
}

/** The members of a request that creates or changes an application. */
export function toWire(properties: Partial<NewApplication>): Record<string, unknown> {
  const members = Object.entries(WIRE) as [keyof typeof WIRE, string][];
  const set = members.filter(([name]) => properties[name] !== undefined);
  return Object.fromEntries(set.map(([name, member]) => [member, wireValue(name, properties[name])]));
}

function wireValue(name: string, value: unknown): unknown {
  if (name === "sharing") return typeof value === "string" ? { scope: value } : { scope: "groups", ...Object(value) };
  return value === "" && CLEARABLE.includes(name) ? null : value;
}

/** `app_url` as the user wrote it: `appUrl`. */
export function propertyOf(path: string): string {
  const [member = "", rest = ""] = path.split(/(?=[.[])(.*)/s, 2);
  const [name = member] = Object.entries(WIRE).find(([, own]) => own === member) ?? [];
  return name + rest;
}
