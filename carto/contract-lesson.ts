import { stringify } from "yaml";
import { type ApiContract, ASSUMED } from "./contract.ts";
import { mergeContract } from "./contract-file.ts";
import { serverText } from "./server-text.ts";

/*
 * What a tenant's answers teach about its contract, and the file that says it.
 */

/** An entry that a tenant's answers show to differ from the assumed contract. */
export interface Learned {
  group: keyof ApiContract;
  entry: string;
  value: string | number;
  /** The observation that it follows from. */
  because: string;
}

/** What a tenant's answers teach about its contract. */
export interface Lesson {
  learned: Learned[];
  /** What they do not tell, a sentence each. */
  unknown: string[];
  /** Whether every call of the contract was tried. */
  complete: boolean;
}

/** The lesson as a contract, as `carto:contract` takes it. */
export function contractOf({ learned }: Lesson): Record<string, Record<string, Record<string, string | number>>> {
  const groups: Record<string, Record<string, string | number>> = {};
  for (const { group, entry, value } of learned) groups[group] = { ...groups[group], [entry]: value };
  return { "oauth-clients": groups };
}

/** What the contract check says against the lesson; none: it can be used. */
export function lessonFailures(lesson: Lesson): string[] {
  return mergeContract(contractOf(lesson)).failures;
}

/** The lesson as a contract file: every entry below the observation that it follows from, and at the end what could not be told. */
export function draftOf(lesson: Lesson): string {
  const lines = [
    "# Where a tenant differs from the assumed contract, as `pulumi-carto doctor --probe` observed it.",
    "# Everything that is not listed is as assumed. To use it, write\n# `carto:contract: THIS_FILE` under `config` in Pulumi.<stack>.yaml, or set CARTO_CONTRACT.",
    "oauth-clients:",
  ];
  for (const group of Object.keys(ASSUMED["oauth-clients"])) {
    const entries = lesson.learned.filter((one) => one.group === group);
    if (entries.length > 0) lines.push(`  ${group}:`);
    for (const { entry, value, because } of entries) {
      lines.push(`    # ${because}`, `    ${entry}: ${stringify(value).trim()}`);
    }
  }
  if (lesson.unknown.length > 0)
    lines.push("# Not told by the answers:", ...lesson.unknown.map((text) => `# - ${text}`));
  return `${lines.join("\n")}\n`;
}

/** Whether a name of a server's choice may stand in a contract and on the screen. */
export function isName(name: string, secrets: readonly string[]): boolean {
  return /^[A-Za-z][\w-]{0,63}$/.test(name) && serverText(name, secrets) === name;
}
