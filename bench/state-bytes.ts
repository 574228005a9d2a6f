import type { ExportedResource } from "../harness/pulumi-workspace.ts";

/** What a part of a client's state is there for; parts that are not named are the engine's own. */
const PURPOSE: Record<string, string> = {
  "inputs.__provider": "engine: finds the provider for create and update",
  "inputs.__key": "a create that is repeated makes no second client",
  "inputs.name": "declared",
  "inputs.applicationLoginUrl": "declared",
  "inputs.allowedCallbackUrls": "declared or derived: what a preview compares and shows",
  "inputs.allowedLogoutUrls": "declared or derived: what a preview compares and shows",
  "inputs.allowedOrigins": "declared or derived: what a preview compares and shows",
  "inputs.allowedWebOrigins": "declared or derived: what a preview compares and shows",
  "outputs.__provider": "engine: finds the provider for read and delete",
  "outputs.name": "diff and refresh compare with it",
  "outputs.applicationLoginUrl": "diff and refresh compare with it",
  "outputs.allowedCallbackUrls": "diff and refresh compare with it",
  "outputs.allowedLogoutUrls": "diff and refresh compare with it",
  "outputs.allowedOrigins": "diff and refresh compare with it",
  "outputs.allowedWebOrigins": "diff and refresh compare with it",
  id: "engine; what programs read as clientId",
  "outputs.clientSecret": "programs; encrypted",
  "outputs.ownerId": "distinguishes a deleted client from one that the credentials cannot see",
  "outputs.createdAt": "programs; a client this young is not treated as deleted",
  "outputs.updatedAt": "refresh: an unchanged client in the list is not read again",
  additionalSecretOutputs: "engine: keeps clientSecret secret",
};

/** A member of a resource in the state, and what it is there for. */
export interface StatePart {
  part: string;
  /** With its name, as compact JSON. */
  bytes: number;
  purpose: string;
}

/** Accounts for every byte of a resource in the state, as compact JSON: the parts and the punctuation around them add up to it. */
export function accountFor(resource: ExportedResource): StatePart[] {
  const parts: StatePart[] = [];
  const add = (part: string, text: string) =>
    parts.push({ part, bytes: Buffer.byteLength(text), purpose: PURPOSE[part] ?? "engine" });
  const member = (name: string, value: unknown) => JSON.stringify({ [name]: value }).slice(1, -1);
  for (const [name, value] of Object.entries(resource)) {
    if (name !== "inputs" && name !== "outputs") add(name, member(name, value));
    else for (const [inner, each] of Object.entries(value as object)) add(`${name}.${inner}`, member(inner, each));
  }
  const whole = Buffer.byteLength(JSON.stringify(resource));
  const rest = whole - parts.reduce((sum, { bytes }) => sum + bytes, 0);
  return [...parts, { part: "braces, commas and the names `inputs` and `outputs`", bytes: rest, purpose: "engine" }];
}
