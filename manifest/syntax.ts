import { Composer, type CST, type Document, Lexer, LineCounter, Parser } from "yaml";
import { DocumentReader, type Place, type SyntaxFailure } from "./document-reader.ts";
import type { Location, Path } from "./failure.ts";
import { MOST_BYTES, MOST_FAILURES, MOST_LEVELS, MOST_LEXEMES } from "./limits.ts";

/** A YAML document as plain data that knows where each part of it is. */
export interface Source {
  /** Plain objects, arrays and scalars. */
  value: unknown;
  /** The place of the value at `path`; where there is none, of the nearest enclosing one. */
  locate(path: Path): Location;
  /** Of the key rather than of its value. */
  locateKey(path: Path): Location;
}

type ParsedDocument = Document.Parsed;

/**
 * Reads one YAML 1.2 document.
 *
 * Refused, because a reviewer should see in a diff what applies: anchors, aliases, merge keys, tags, duplicate keys, several
 * documents. Refused, because they only ever hurt: what is over the limits of its size.
 */
export function parseSource(text: string): { source?: Source; failures: SyntaxFailure[] } {
  const bytes = Buffer.byteLength(text);
  if (bytes > MOST_BYTES) {
    return whole(
      `the file has ${Math.ceil(bytes / 1024)} kB; at most ${MOST_BYTES / 1024} kB are read: split it`,
      "too-large",
    );
  }
  const lines = new LineCounter();
  const locate = (offset: number): Location => {
    const { line, col } = lines.linePos(offset);
    return { line, column: Math.max(col, 1) };
  };
  const tokens = readTokens(text, lines);
  if (typeof tokens === "string") {
    const last = locate(lines.lineStarts.at(-1) ?? 0);
    const most = MOST_LEXEMES.toLocaleString("en");
    return tokens === "too-deep"
      ? whole(`values are nested more than ${MOST_LEVELS} levels deep`, tokens, last)
      : whole(`the file has more than ${most} words and signs: split it`, tokens, last);
  }
  const [document, second] = compose(tokens);
  if (document === undefined || document.contents === null) {
    return whole("the file is empty: start with `version: 1` and `clients:`", "yaml");
  }
  if (second !== undefined) {
    const reason = "the file contains several documents: keep one; environments belong under `environments`";
    return whole(reason, "one-document", locate(second.range[0]));
  }
  const broken = parserFailures(document, text, locate);
  if (broken.length > 0) return { failures: broken };
  const reader = new DocumentReader(locate);
  const value = reader.read(document.contents);
  if (reader.failures.length > 0) return { failures: reader.failures };
  return {
    failures: [],
    source: {
      value,
      locate: (path) => locate(nearest(reader.root, path).offset),
      locateKey: (path) => locate(nearest(reader.root, path).keyOffset),
    },
  };
}

function whole(reason: string, rule: string, at: Location = { line: 1, column: 1 }): { failures: SyntaxFailure[] } {
  return { failures: [{ path: [], at, reason, rule }] };
}

function parserFailures(
  { errors }: ParsedDocument,
  text: string,
  locate: (offset: number) => Location,
): SyntaxFailure[] {
  // What follows an unexpected token is about the parser's confusion, not about the file.
  const confused = errors.findIndex(({ code }) => code === "UNEXPECTED_TOKEN");
  const told = confused === -1 ? errors : errors.slice(0, confused + 1);
  const written = told.length > 0 ? text.split("\n") : [];
  return told.slice(0, MOST_FAILURES).map((error) => {
    const at = locate(error.pos[0]);
    const [message = ""] = error.message.split("\n", 1);
    const line = written[at.line - 1] ?? "";
    const bracket = line.search(/[{[]/);
    const flow = bracket >= 0 && line.includes("${", bracket + 1);
    const hint = flow ? ": inside { } and [ ] quote values with a $" : "";
    return { path: [], at, reason: message + hint, rule: "yaml" };
  });
}

/** The place at a path, or of the nearest one that encloses it. */
function nearest(root: Place, path: Path): Place {
  let place = root;
  for (const step of path) {
    const next = place.children.get(step);
    if (next === undefined) return { ...place, offset: place.keyOffset };
    place = next;
  }
  return place;
}

/** The syntax of the text, or why it is read no further. Nested too deep, the composer would recurse into it. */
function readTokens(text: string, lines: LineCounter): CST.Token[] | "too-deep" | "too-large" {
  const parser = new Parser(lines.addNewLine);
  lines.addNewLine(0);
  const tokens: CST.Token[] = [];
  let lexemes = 0;
  for (const lexeme of new Lexer().lex(text)) {
    for (const token of parser.next(lexeme)) tokens.push(token);
    if (parser.stack.length > MOST_LEVELS) return "too-deep";
    if (++lexemes > MOST_LEXEMES) return "too-large";
  }
  return [...tokens, ...parser.end()];
}

/** The first two documents of the file: it may have one. A hostile file has an error on each line: none gets a stack, which would take most of the time. */
function compose(tokens: readonly CST.Token[]): Document.Parsed[] {
  // uniqueKeys would compare every key with every other: the reader finds duplicates in one pass.
  const composer = new Composer({ uniqueKeys: false, prettyErrors: false, version: "1.2", merge: false });
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    const documents: Document.Parsed[] = [];
    for (const document of composer.compose(tokens)) if (documents.push(document) === 2) break;
    return documents;
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}
