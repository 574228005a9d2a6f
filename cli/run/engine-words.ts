import { listed } from "../../change/exposure.ts";

/** Between two pending operations of a state: the resource's name and what was being done to it. */
const PENDING = /\* urn:.*?::([^:\n]+), interrupted while (\w+)/g;
const SHOWN = 5;
/** By the engine itself, as a move does for a while; our own `deletionProtection` says something else. */
const PROTECTED = /^resource "urn:\S+" cannot be deleted\s+because it is protected/;

/** What the engine puts before a failure of Check. Whoever shows the message names the client anyway. */
const SUBJECT = /^pulumi-nodejs:dynamic\/carto:\w+ resource '[^']*' has a problem: /;

/** And before the reason why a client is not as declared. */
const COUNT = /^1 error occurred:\s+\* /;

/** Rewrites the engine's messages about its own workings as one plain sentence; other messages are unchanged. */
export function inPlainWords(message: string): string {
  if (message.includes("violates plan")) return "the change is not the one in the plan: preview again and review it";
  if (PROTECTED.test(message)) {
    return "protected in the state of this stack, so it is not deleted: if a `pulumi-carto move` of it was interrupted, run it again";
  }
  if (!/pending operations/.test(message)) return message.replace(SUBJECT, "").replace(COUNT, "");
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
