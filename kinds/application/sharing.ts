import { type InputReader, isList, isRecord, isString } from "../input-reader.ts";
import { nearestName } from "../nearest-name.ts";
import { quote } from "../url/quote.ts";
import { SCOPES, type Sharing } from "./application.ts";
import { MOST_GROUPS } from "./properties.ts";
import type { ApplicationRuleId } from "./rules.ts";

/** Reads the inputs of an application. */
export type ApplicationReader = InputReader<ApplicationRuleId>;

const FORMS = '"private", "organization" or { groups: ["Field"] }';

/**
 * Reads who can see an application.
 *
 * @returns undefined when it is not known yet, or wrong
 */
export function readSharing(reader: ApplicationReader): Sharing | undefined {
  const value = reader.inputs.sharing;
  if (value === undefined) return "organization";
  if (reader.isUnknown(value)) return undefined;
  if (isRecord(value)) return readGroups(reader, value);
  if (!isString(value)) {
    reader.failType("sharing", value, FORMS);
    return undefined;
  }
  const scope = SCOPES.find((one) => one === value);
  if (scope !== undefined) return scope;
  const near = value === "groups" ? undefined : nearestName(value, SCOPES);
  const advice = near === undefined ? `write ${FORMS}` : `write "${near}"`;
  reader.fail("sharing", "sharing", `${quote(value)} is not a valid value for sharing: ${advice}.`);
  return undefined;
}

function readGroups(reader: ApplicationReader, value: Record<string, unknown>): Sharing | undefined {
  const before = reader.failures.length;
  for (const key of Object.keys(value)) {
    if (key === "groups") continue;
    reader.fail(`sharing.${key}`, "sharing", `${quote(key)} is not a property of sharing: write ${FORMS}.`);
  }
  const { groups } = value;
  if (reader.isUnknown(groups)) return undefined;
  if (!isList(groups)) {
    reader.fail("sharing.groups", "sharing-groups", `sharing.groups is ${quote(groups)}: write a list of groups.`);
    return undefined;
  }
  if (groups.length === 0) {
    const problem = 'is empty, so only the owner would see the application: name a group, or set sharing: "private"';
    reader.fail("sharing.groups", "sharing-groups", `sharing.groups ${problem}.`);
  } else if (groups.length > MOST_GROUPS) {
    reader.fail(
      "sharing.groups",
      "sharing-groups",
      `sharing.groups has ${groups.length} groups: name at most ${MOST_GROUPS}.`,
    );
  }
  for (const [i, group] of groups.entries()) checkGroup(reader, groups, group, i);
  const names = groups.filter((group) => isString(group) && !reader.isUnknown(group));
  if (names.length < groups.length || reader.failures.length > before) return undefined;
  return { groups: names.filter(isString) };
}

function checkGroup(reader: ApplicationReader, groups: readonly unknown[], group: unknown, i: number): void {
  if (reader.isUnknown(group)) return;
  const property = `sharing.groups[${i}]`;
  if (!isString(group)) {
    reader.failType(property, group, 'the name of a group, for example "Field"');
  } else if (group.trim() === "") {
    reader.fail(property, "sharing-groups", `${property} is empty: write the name of a group, or remove it.`);
  } else if (groups.indexOf(group) < i) {
    reader.fail(property, "sharing-groups", `${quote(group)} is listed twice: remove one.`);
  }
}
