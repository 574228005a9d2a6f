import type { Location } from "../change/change.ts";

/** What a line is about, for the eye: each format has its own way to show it, and none relies on it alone. */
export type Tone = "loss" | "exposure" | "failure" | "advice" | "added" | "removed" | "plain" | "quiet";

/**
 * A piece of a line. Only `words` and `strong` are ours, with `code` in backticks; everything else may hold hostile text, and each
 * format writes it so that it cannot act.
 */
export type Span =
  | { words: string }
  | { strong: string }
  /** A name, URL or ID, whole. */
  | { value: string; change?: "added" | "removed" }
  /** A sentence that may quote values. */
  | { sentence: string }
  /** Links to where the rule is explained. */
  | { rule: string }
  | { place: Location };

/** One line of a report, independent of the format. */
export interface Line {
  tone: Tone;
  spans: Span[];
}

type Part = Span | readonly Span[] | undefined;

/** A line of the tone: the template's own text is words, what is filled in are spans. */
export function line(tone: Tone): (words: TemplateStringsArray, ...parts: Part[]) => Line {
  return (words, ...parts) => ({ tone, spans: spans(words, ...parts) });
}

/** As `line`, for a part of one. */
export function spans(words: TemplateStringsArray, ...parts: Part[]): Span[] {
  return words.flatMap((text, index) => [...(text === "" ? [] : [{ words: text }]), ...asList(parts[index])]);
}

function asList(part: Part): readonly Span[] {
  if (part === undefined) return [];
  return "length" in part ? part : [part];
}

/** A value of the user, marked as such. */
export const value = (text: string, change?: "added" | "removed"): Span => ({
  value: text,
  ...(change && { change }),
});

/** A sentence of a rule, which may quote values. */
export const sentence = (text: string): Span => ({ sentence: text });

/** Our own words. */
export const words = (text: string): Span => ({ words: text });

/** Our own words, with emphasis. */
export const strong = (text: string): Span => ({ strong: text });

/** The ID of a rule. */
export const rule = (id: string): Span => ({ rule: id });

/** ` (file:line)`, or nothing. */
export function place(location: Location | undefined): readonly Span[] {
  return location === undefined ? [] : [words(" ("), { place: location }, words(")")];
}

/** Spans with a text between each two. */
export function joined(parts: readonly (readonly Span[])[], between: string): Span[] {
  return parts.flatMap((part, index) => (index === 0 ? part : [words(between), ...part]));
}

/** A line as plain text, for formats without styles. */
export function plainText({ spans }: Line): string {
  return spans.map(spanText).join("");
}

function spanText(span: Span): string {
  if ("words" in span) return span.words;
  if ("strong" in span) return span.strong;
  if ("value" in span) return span.value;
  if ("sentence" in span) return span.sentence;
  if ("rule" in span) return span.rule;
  return `${span.place.file}:${span.place.line}`;
}
