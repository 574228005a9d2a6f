import { readManifest } from "../manifest/read-manifest.ts";
import { reportBetween } from "../report/manifest-report.ts";
import { renderMarkdown } from "../report/markdown.ts";
import { processorMs } from "./growth.ts";

/** A whole file that is made to take long, of about so many bytes. */
export interface HostileFile {
  name: string;
  text(bytes: number): string;
}

const ROBOT = "version: 1\nclients:\n  a: { kind: m2m, name: A }\n";

function filled(head: string, bytes: number, one: (index: number) => string, tail = ""): string {
  const parts = [head];
  for (let length = head.length + tail.length, i = 0; ; i++) {
    const part = one(i);
    length += part.length;
    if (length > bytes) break;
    parts.push(part);
  }
  return parts.join("") + tail;
}

const clients = (bytes: number, properties: (index: number) => string) =>
  filled("version: 1\nclients:\n", bytes, (i) => `  c${i}: { kind: spa, ${properties(i)} }\n`);
const login = (url: string) => `name: A, applicationLoginUrl: ${JSON.stringify(url)}`;

/** What patterns, parsers and comparisons stumble over, as far as a file may be long. */
export const HOSTILE_FILES: readonly HostileFile[] = [
  { name: "clients", text: (bytes) => clients(bytes, (i) => login(`https://w${i}.example.com/`)) },
  { name: "clients of one name and URL", text: (bytes) => clients(bytes, () => login("https://w.example.com/")) },
  { name: "URLs of backslashes", text: (bytes) => clients(bytes, () => login(`https:${"\\".repeat(4_900)}`)) },
  { name: "URLs of colons", text: (bytes) => clients(bytes, () => login(`a://${":".repeat(9_900)}`)) },
  { name: "URLs of slashes", text: (bytes) => clients(bytes, () => login(`https:${"/".repeat(9_900)}x`)) },
  { name: "URLs of wildcards", text: (bytes) => clients(bytes, () => login(`https://${"*.".repeat(4_900)}a`)) },
  { name: "URLs of at signs", text: (bytes) => clients(bytes, () => login(`https://${"a@".repeat(4_900)}`)) },
  {
    name: "hidden characters",
    text: (bytes) => clients(bytes, () => login(`https://a.example.com/${"\u202e".repeat(9_000)}`)),
  },
  {
    name: "lists of wildcards",
    text: (bytes) =>
      clients(bytes, (i) => {
        const urls = Array.from({ length: 100 }, (_, k) => `"https://*.a${i}-${k}.example.com/"`);
        return `${login(`https://w${i}.example.com/`)}, allowedCallbackUrls: [${urls.join(",")}]`;
      }),
  },
  {
    name: "environments with backends of colons",
    text: (bytes) =>
      filled(`${ROBOT}environments:\n`, bytes, (i) => `  e${i}: { backend: "a://${":".repeat(9_000)}" }\n`),
  },
  { name: "environments", text: (bytes) => filled(`${ROBOT}environments:\n`, bytes, (i) => `  e${i}: {}\n`) },
  {
    name: "variables that never close",
    text: (bytes) => clients(bytes, () => `name: "${"${".repeat(4_900)}", applicationLoginUrl: x`),
  },
  { name: "unknown keys", text: (bytes) => filled(ROBOT, bytes, (i) => `enviroment${i}: 1\n`) },
  { name: "opening brackets", text: (bytes) => filled(`${ROBOT}x: `, bytes, () => "[") },
  { name: "opening braces and quotes", text: (bytes) => filled(`${ROBOT}x: `, bytes, () => '{"') },
  { name: "nested lists", text: (bytes) => filled(`${ROBOT}x:\n  `, bytes, () => "- ") },
  { name: "a text in quotes that never ends", text: (bytes) => filled(`${ROBOT}x: "`, bytes, () => "a\n ") },
  { name: "escapes", text: (bytes) => filled(`${ROBOT}x: "`, bytes, () => "\\u0041", '"\n') },
  { name: "blank lines of a block", text: (bytes) => filled(`${ROBOT}x: |\n`, bytes, () => " \n") },
  { name: "comments", text: (bytes) => filled(ROBOT, bytes, () => "#\n") },
  { name: "documents", text: (bytes) => filled(ROBOT, bytes, () => "---\n") },
  { name: "aliases", text: (bytes) => filled(`${ROBOT}x: &x [`, bytes, () => "*x,", "]\n") },
  { name: "tags", text: (bytes) => filled(`${ROBOT}x: [`, bytes, () => "!a b,", "]\n") },
  { name: "errors of syntax", text: (bytes) => filled(ROBOT, bytes, () => "@: `\n") },
  { name: "tabs", text: (bytes) => filled(`${ROBOT}x:\n`, bytes, () => "\t") },
  { name: "NUL characters", text: (bytes) => filled(ROBOT, bytes, () => "\0") },
  { name: "carriage returns", text: (bytes) => filled(ROBOT, bytes, () => "\r") },
];

/** What `check` and `report --diff` take for a file. */
export interface FileTimes {
  name: string;
  checkMs: number;
  reportMs: number;
}

/** Measures reports in which a hostile file is the older and the newer version, and keeps the slower time. */
export function timeFile({ name, text }: HostileFile, bytes: number, runs = 2): FileTimes {
  const made = text(bytes);
  const checkMs = processorMs(() => readManifest(made), runs);
  const report = (older: string, newer: string) => () =>
    renderMarkdown(reportBetween({ file: "old.yaml", text: older }, { file: "new.yaml", text: newer }));
  return {
    name,
    checkMs,
    reportMs: Math.max(...[report(made, ROBOT), report(ROBOT, made)].map((run) => processorMs(run, runs))),
  };
}
