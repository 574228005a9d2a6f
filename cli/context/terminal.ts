import { visible } from "../../kinds/visible-text.ts";

type Write = NodeJS.WriteStream["write"];

/** The colours of style.ts; others could hide text, or move the cursor. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with one
const ALLOWED = /(\u001b\[(?:0|1|2|22|31|32|33|39)m|[\n\t])/;

/** What pipelines take for a command: GitHub `::error::` where a line begins with it, Azure and others `##[error]`, `##vso[...]` anywhere. */
const COMMANDS = [/^(\s*)(:)(?=:)/, /()(#)(?=#[a-z]*\[)/g];

const raw = new Map<NodeJS.WriteStream, Write>();

/**
 * Lets only text, line breaks and the command's own colours through to a stream, whichever code writes: names of clients, answers of a
 * server and messages of the engine come from outside, and none of them may act on the terminal or the pipeline that shows it.
 */
export function guard(stream: NodeJS.WriteStream): void {
  if (raw.has(stream)) return;
  const write = stream.write.bind(stream) as Write;
  raw.set(stream, write);
  let atStart = true;
  stream.write = ((chunk: string | Uint8Array, ...rest: unknown[]) => {
    const text = typeof chunk === "string" ? chunk : Buffer.from(chunk).toString();
    const shown = harmless(text, atStart);
    if (text !== "") atStart = text.endsWith("\n");
    return Reflect.apply(write, stream, [shown, ...rest]);
  }) as Write;
}

/** Writes escape sequences of the command's own. */
export function control(stream: NodeJS.WriteStream, sequence: string): void {
  (raw.get(stream) ?? stream.write.bind(stream))(sequence);
}

/**
 * Text as it may be shown.
 *
 * @param atStart whether it begins a line
 */
export function harmless(text: string, atStart: boolean): string {
  const lines = text.split(ALLOWED).map((part) => (ALLOWED.test(part) ? part : visible(part)));
  return lines
    .join("")
    .split("\n")
    .map((line, index) => (index > 0 || atStart ? withoutCommand(line) : withoutCommand(`.${line}`).slice(1)))
    .join("\n");
}

function withoutCommand(line: string): string {
  return COMMANDS.reduce(
    (text, pattern) =>
      text.replace(pattern, (_, space: string, first: string) => `${space}\\u{00${first.charCodeAt(0).toString(16)}}`),
    line,
  );
}
