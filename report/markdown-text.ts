import { shortened } from "../change/shown-value.ts";
import { visible } from "../kinds/visible-text.ts";

/** Longer values are cut here; the other formats have them whole. */
const MAX_VALUE = 300;

/**
 * A value as a code span: nothing in it is a link, a mention, an image or HTML. The fence is longer than any run of backticks
 * in the value; pipes are escaped for tables only, where GitHub takes the backslash away again.
 */
export function code(value: string, { table = false } = {}): string {
  const text = visible(shortened(value, MAX_VALUE));
  if (text.trim() === "") return "` `";
  const fence = "`".repeat(1 + Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length)));
  const pad = /^[` ]|[` ]$/.test(text) ? " " : "";
  const span = `${fence}${pad}${text}${pad}${fence}`;
  return table ? span.replaceAll("|", "\\|") : span;
}

/**
 * A word that no renderer gives a meaning: letters with apostrophes and hyphens between, or a short number, which a full stop
 * or a parenthesis would make a list.
 */
const PLAIN_WORD = /^[("“]?(?:\p{L}+(?:['’-]\p{L}+)*[)"”.,;:!?]*|\d{1,4},?)$/u;

/** A word, or a code span of the sentence's own between spaces, which may hold some. */
const WORD = /(?<=^| )(?:`[^`]+`[.,;:]*|[^ ]*)(?= |$)/g;

const SPAN = /^`([^`]+)`([.,;:]*)$/;

/**
 * A sentence that may quote hostile values: plain words stay text, everything else becomes code spans, those that it has already
 * among them. A value with backticks can pass for such a span, or cut one in two, and gains nothing: each part is code again.
 */
export function prose(sentence: string): string {
  const parts: string[] = [];
  let unsafe: string[] = [];
  const flush = () => {
    const text = unsafe.join(" ");
    let end = text.length;
    while (end > 0 && ".,;:".includes(text[end - 1] ?? "")) end -= 1;
    const [quoted, stop] = [text.slice(0, end), text.slice(end)];
    if (quoted + stop !== "") parts.push(quoted === "" ? code(stop) : code(quoted) + stop);
    unsafe = [];
  };
  for (const [word] of sentence.matchAll(WORD)) {
    const [, span, stop = ""] = SPAN.exec(word) ?? [];
    if (span !== undefined) {
      flush();
      parts.push(code(span) + stop);
    } else if (PLAIN_WORD.test(word)) {
      flush();
      parts.push(word);
    } else if (word !== "" || unsafe.length > 0) unsafe.push(word);
  }
  flush();
  return parts.join(" ");
}
