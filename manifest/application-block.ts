import type { KindId } from "../kinds/index.ts";
import { entriesOf, isMap } from "./document.ts";
import type { Path } from "./failure.ts";
import { type Layer, layOver, type Written } from "./layers.ts";

/** Kinds whose clients may have an `application` block: they log an application's users in. */
export const WITH_APPLICATION: ReadonlySet<KindId> = new Set(["spa", "m2m"]);

/** The logical name of the application that the block of a client declares. */
export function applicationName(logicalName: string): string {
  return `${logicalName}-application`;
}

/** What holds for both unless the block says otherwise. */
const SHARED = ["name", "deletionProtection", "policy"] as const;

/**
 * The application that a client declares in its `application` block, as CARTO's older form had it: its App URL is the login URL of a SPA
 * client that has none, and name, deletion protection and policy hold for both.
 *
 * @param client its properties, laid over each other; the login URL is filled in
 * @param layers where the block may be: the client and its override
 * @param defaults of applications
 * @returns undefined without a block
 */
export function readApplicationBlock(
  kind: KindId,
  client: Written,
  layers: readonly Layer[],
  defaults: Layer,
): Written | undefined {
  let blocks: Layer[] = [];
  for (const [layer, path] of layers) {
    const { application } = entriesOf(layer);
    if (application === null) blocks = [];
    else if (isMap(application)) blocks.push([application, [...path, "application"]]);
  }
  if (blocks.length === 0) return undefined;
  const application = layOver([defaults, ...blocks]);
  for (const property of SHARED) share(client, property, application, property);
  const aliasesAt = client.writtenAt.get("aliases");
  if (aliasesAt !== undefined) application.writtenAt.set("aliases", aliasesAt);
  if (kind === "spa") share(application, "appUrl", client, "applicationLoginUrl");
  return application;
}

/** A value that one has and the other has not, with the place where it is written. */
function share(from: Written, name: string, to: Written, property: string): void {
  if (to.inputs[property] !== undefined || from.inputs[name] === undefined) return;
  to.inputs[property] = from.inputs[name];
  to.writtenAt.set(property, from.writtenAt.get(name) as Path);
}
