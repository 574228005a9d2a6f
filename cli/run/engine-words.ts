import { listed } from "../../change/exposure.ts";
import { KIND_IDS, KINDS } from "../../kinds/index.ts";

/** Between two pending operations of a state: the resource's name and what was being done to it. */
const PENDING = /\* urn:.*?::([^:\n]+), interrupted while (\w+)/g;
const SHOWN = 5;
/** By the engine itself, as a move does for a while; our own `deletionProtection` says something else. */
const PROTECTED = /^resource "urn:\S+" cannot be deleted\s+because it is protected/;

/** What the engine puts before a failure of Check. Whoever shows the message names the client anyway. */
const SUBJECT = /^pulumi-nodejs:dynamic\/carto:\w+ resource '[^']*' has a problem: /;

/** And before the reason why a client is not as declared. */
const COUNT = /^1 error occurred:\s+\* /;

/**
 * Rewrites the engine's messages about its own workings as one plain sentence. Others of the engine are marked as its own.
 *
 * @param located whether the message is about a resource, or the program: the engine's own seldom are
 */
export function inPlainWords(message: string, located = true): string {
  if (message.includes("violates plan")) return "the change is not the one in the plan: preview again and review it";
  if (PROTECTED.test(message)) {
    return "protected in the state of this stack, so it is not deleted: if a `pulumi-carto move` of it was interrupted, run it again";
  }
  if (!/pending operations/.test(message)) {
    const plain = message.replace(SUBJECT, "").replace(COUNT, "");
    return isEngines(plain, located) ? `Pulumi: ${plain}` : plain;
  }
  const names = new Map<string, string[]>();
  for (const [, name = "", doing = ""] of message.matchAll(PENDING)) {
    names.set(doing, [...(names.get(doing) ?? []), name]);
  }
  const doings = [...names].map(([doing, own]) => {
    const more = own.length > SHOWN ? [`${own.length - SHOWN} more`] : [];
    return `${doing} ${listed([...own.slice(0, SHOWN), ...more], "and")}`;
  });
  const which = doings.length === 0 ? "" : ` while ${listed(doings, "and")}`;
  return `an earlier run was interrupted${which}: \`up\` takes over what it left at CARTO, and \`pulumi refresh\` then clears this message`;
}

/** What our own messages begin with that are about no resource: warnings of the provider, and what the program throws. */
const OURS = new RegExp(
  [
    `(?:${KIND_IDS.map((kind) => KINDS[kind].noun).join("|")}) `,
    `(?:${KIND_IDS.map((kind) => KINDS[kind].className).join("|")}|CartoProvider) "`,
    "The stack configuration cannot be used|carto:|[^\\n]*: not delivered to ",
  ]
    .map((start) => `^(?:${start})`)
    .join("|"),
  "i",
);

/** Our own messages never show a URN. */
function isEngines(message: string, located: boolean): boolean {
  return message.includes("urn:pulumi:") || !(located || OURS.test(message));
}
