import {
  Composer,
  type CST,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  Lexer,
  LineCounter,
  type Node,
  type ParsedNode,
  Parser,
} from "yaml";
import type { Location, Path } from "./failure.ts";
import { MOST_BYTES, MOST_CHARACTERS, MOST_ELEMENTS, MOST_FAILURES, MOST_LEVELS } from "./limits.ts";

/** What is wrong with the YAML itself, before anyone asks what it means. */
export interface SyntaxFailure {
  path: Path;
  at: Location;
  reason: string;
  rule: string;
}

/** A YAML document as plain data that still knows where each part of it stands. */
export interface Source {
  /** Plain objects, arrays and scalars. */
  value: unknown;
  /** The place of the value at `path`; where there is none, of the nearest enclosing one. */
  locate(path: Path): Location;
  /** Of the key rather than of its value. */
  locateKey(path: Path): Location;
}

const CORE_TAGS = /^tag:yaml\.org,2002:(map|seq|str|int|float|bool|null)$/;

interface Place {
  offset: number;
  keyOffset: number;
  children: Map<string | number, Place>;
}

/**
 * Reads one YAML 1.2 document.
 *
 * Refused, because a reviewer should see in a diff what applies: anchors, aliases, merge keys, tags, duplicate keys, several
 * documents. Refused, because they only ever hurt: what is over the limits of its size.
 */
export function parseSource(text: string): { source?: Source; failures: SyntaxFailure[] } {
  const start = { line: 1, column: 1 };
  const whole = (reason: string, rule: string, at: Location = start) => ({
    failures: [{ path: [], at, reason, rule }],
  });
  const bytes = Buffer.byteLength(text);
  if (bytes > MOST_BYTES) {
    return whole(`the file has ${(bytes / 1048576).toFixed(1)} MB; at most 3 MB are read: split it`, "too-large");
  }
  const lines = new LineCounter();
  const locateOffset = (offset: number): Location => {
    const { line, col } = lines.linePos(offset);
    return { line, column: Math.max(col, 1) };
  };

  const tokens = readTokens(text, lines);
  if (tokens === undefined) {
    const last = locateOffset(lines.lineStarts.at(-1) ?? 0);
    return whole(`values are nested more than ${MOST_LEVELS} levels deep`, "too-deep", last);
  }
  // uniqueKeys would compare every key with every other: the walk below finds duplicates in one pass.
  const composer = new Composer({ uniqueKeys: false, prettyErrors: false, version: "1.2", merge: false });
  const documents = [...composer.compose(tokens)];
  const document = documents[0];
  if (document === undefined || document.contents === null) {
    return whole("the file is empty: start with `version: 1` and `clients:`", "yaml");
  }
  const second = documents[1];
  if (second !== undefined) {
    return whole(
      "the file holds several documents: keep one, environments belong under `environments`",
      "one-document",
      locateOffset(second.range[0]),
    );
  }
  // What follows an unexpected token is about the parser's confusion, not about the file.
  const confused = document.errors.findIndex(({ code }) => code === "UNEXPECTED_TOKEN");
  const errors = confused === -1 ? document.errors : document.errors.slice(0, confused + 1);
  const written = errors.length > 0 ? text.split("\n") : [];
  const failures: SyntaxFailure[] = errors.slice(0, MOST_FAILURES).map((error) => {
    const at = locateOffset(error.pos[0]);
    const [message = ""] = error.message.split("\n", 1);
    const line = written[at.line - 1] ?? "";
    const bracket = line.search(/[{[]/);
    const flow = bracket >= 0 && line.includes("${", bracket + 1);
    const hint = flow ? ": inside { } and [ ] quote values with a $" : "";
    return { path: [], at, reason: message + hint, rule: "yaml" };
  });
  if (failures.length > 0) return { failures };

  const refuse = (path: Path, node: Node, reason: string, rule: string) => {
    if (failures.length >= MOST_FAILURES) return;
    failures.push({ path, at: locateOffset(node.range?.[0] ?? 0), reason, rule });
  };

  const read = (node: ParsedNode | Node | null, path: Path, place: Place): unknown => {
    if (node === null) return null;
    place.offset = node.range?.[0] ?? place.keyOffset;
    if (isAlias(node)) {
      refuse(
        path,
        node,
        `\`*${node.source}\` is an alias: write the value out, or share it under \`defaults\``,
        "no-alias",
      );
      return undefined;
    }
    if ("anchor" in node && typeof node.anchor === "string") {
      refuse(
        path,
        node,
        `\`&${node.anchor}\` is an anchor: write values out, or share them under \`defaults\``,
        "no-alias",
      );
    }
    if (node.tag !== undefined && !CORE_TAGS.test(node.tag)) {
      refuse(path, node, `\`${node.tag}\` is a tag: write a plain value`, "no-tag");
      return undefined;
    }
    if (isScalar(node)) {
      const { length } = typeof node.value === "string" ? node.value : "";
      if (length > MOST_CHARACTERS) refuse(path, node, tooLong(length, "characters", MOST_CHARACTERS), "too-large");
      return node.value;
    }
    const child = (key: string | number, keyOffset: number): Place => {
      const made = { offset: keyOffset, keyOffset, children: new Map() };
      place.children.set(key, made);
      return made;
    };
    if (isSeq(node)) {
      const { length } = node.items;
      if (length > MOST_ELEMENTS) refuse(path, node, tooLong(length, "elements", MOST_ELEMENTS), "too-large");
      return node.items.map((item, index) => read(item as Node, [...path, index], child(index, place.offset)));
    }
    if (!isMap(node)) return undefined;
    const entries: [string, unknown][] = [];
    for (const { key, value } of node.items as { key: Node; value: Node | null }[]) {
      if (!isScalar(key)) {
        refuse(path, key ?? node, "a key is not plain text: write `key: value`", "yaml");
        continue;
      }
      const text = String(key.value);
      const inner = [...path, text];
      if (text === "<<") {
        refuse(inner, key, "`<<` is a merge key: write values out, or share them under `defaults`", "no-alias");
      } else if (text === "__proto__") {
        refuse(inner, key, "`__proto__` is not a name that anything here can have", "unknown-property");
      } else if (place.children.has(text)) {
        const { line } = locateOffset(place.children.get(text)?.keyOffset ?? 0);
        refuse(inner, key, `\`${text}\` stands here twice, first on line ${line}: keep one`, "duplicate-key");
      } else {
        entries.push([text, read(value, inner, child(text, key.range?.[0] ?? place.offset))]);
      }
    }
    return Object.fromEntries(entries);
  };

  const root: Place = { offset: 0, keyOffset: 0, children: new Map() };
  const value = read(document.contents, [], root);
  if (failures.length > 0) return { failures };
  const nearest = (path: Path): Place => {
    let place = root;
    for (const step of path) {
      const next = place.children.get(step);
      if (next === undefined) return { ...place, offset: place.keyOffset };
      place = next;
    }
    return place;
  };
  return {
    failures,
    source: {
      value,
      locate: (path) => locateOffset(nearest(path).offset),
      locateKey: (path) => locateOffset(nearest(path).keyOffset),
    },
  };
}

function tooLong(length: number, what: string, most: number): string {
  return `has ${length.toLocaleString("en")} ${what}, and at most ${most.toLocaleString("en")} are read: shorten it`;
}

/** The syntax of the text; undefined: nested too deep, read no further than that. The composer would recurse into it. */
function readTokens(text: string, lines: LineCounter): CST.Token[] | undefined {
  const parser = new Parser(lines.addNewLine);
  lines.addNewLine(0);
  const tokens: CST.Token[] = [];
  for (const lexeme of new Lexer().lex(text)) {
    for (const token of parser.next(lexeme)) tokens.push(token);
    if (parser.stack.length > MOST_LEVELS) return undefined;
  }
  return [...tokens, ...parser.end()];
}
