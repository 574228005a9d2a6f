import { nearestName } from "../nearest-name.ts";

/** The inputs, in the order of CARTO's form. */
export const PROPERTIES = [
  ...["name", "grants", "allowedApis", "referers", "expirationDate"],
  ...["deletionProtection", "rotationTrigger", "policy", "allow"],
];
const OUTPUTS = ["token", "ownerId", "createdAt"];
/** What CARTO's API and CLI, and others, call the same. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  title: "name",
  grant: "grants",
  sources: "grants",
  apis: "allowedApis",
  allowed_apis: "allowedApis",
  scopes: "allowedApis",
  referrers: "referers",
  referer: "referers",
  origins: "referers",
  allowedOrigins: "referers",
  expiration: "expirationDate",
  expiration_date: "expirationDate",
  expires: "expirationDate",
  expiresAt: "expirationDate",
  connection: "connectionName",
  connection_name: "connectionName",
  table: "source",
  query: "source",
};
/** The members of a grant. */
export const GRANT = ["connectionName", "source"];

/** Completes a sentence that begins with the quoted name. */
export function explainUnknown(name: string, known: readonly string[]): string {
  if (OUTPUTS.includes(name)) return "is an output, which CARTO sets: drop it.";
  const other = Object.hasOwn(OTHER_NAMES, name) ? OTHER_NAMES[name] : undefined;
  const near = other !== undefined && known.includes(other) ? other : nearestName(name, known);
  return near === undefined ? `is no property: known are ${known.join(", ")}.` : `is no property: write "${near}".`;
}
