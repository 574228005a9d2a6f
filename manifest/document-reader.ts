import { isAlias, isMap, isScalar, isSeq, type Node, type ParsedNode, type YAMLMap } from "yaml";
import type { Location, Path } from "./failure.ts";
import { MOST_CHARACTERS, MOST_ELEMENTS, MOST_FAILURES } from "./limits.ts";

/** What is wrong with the YAML itself, before anyone asks what it means. */
export interface SyntaxFailure {
  path: Path;
  at: Location;
  reason: string;
  rule: string;
}

/** Where a value, its key and the values inside it are in the text. */
export interface Place {
  offset: number;
  keyOffset: number;
  children: Map<string | number, Place>;
}

const CORE_TAGS = /^tag:yaml\.org,2002:(map|seq|str|int|float|bool|null)$/;

/** Converts a parsed document to plain data, records where each part is, and refuses YAML features that hide content. */
export class DocumentReader {
  readonly root: Place = { offset: 0, keyOffset: 0, children: new Map() };
  readonly failures: SyntaxFailure[] = [];
  readonly #locate: (offset: number) => Location;

  constructor(locate: (offset: number) => Location) {
    this.#locate = locate;
  }

  /** @returns plain objects, arrays and scalars; of no use where there are failures */
  read(node: ParsedNode | Node | null, path: Path = [], place: Place = this.root): unknown {
    if (node === null) return null;
    place.offset = node.range?.[0] ?? place.keyOffset;
    if (isAlias(node)) {
      const reason = `\`*${node.source}\` is an alias: write the value out, or share it under \`defaults\``;
      this.#refuse(path, node, reason, "no-alias");
      return undefined;
    }
    if ("anchor" in node && typeof node.anchor === "string") {
      const reason = `\`&${node.anchor}\` is an anchor: write values out, or share them under \`defaults\``;
      this.#refuse(path, node, reason, "no-alias");
    }
    if (node.tag !== undefined && !CORE_TAGS.test(node.tag)) {
      this.#refuse(path, node, `\`${node.tag}\` is a tag: write a plain value`, "no-tag");
      return undefined;
    }
    if (isScalar(node)) {
      const { length } = typeof node.value === "string" ? node.value : "";
      this.#limit(path, node, length, "characters", MOST_CHARACTERS);
      return node.value;
    }
    if (isSeq(node)) {
      this.#limit(path, node, node.items.length, "elements", MOST_ELEMENTS);
      return node.items.map((item, index) =>
        this.read(item as Node, [...path, index], child(place, index, place.offset)),
      );
    }
    return isMap(node) ? this.#readMap(node, path, place) : undefined;
  }

  #readMap(node: YAMLMap, path: Path, place: Place): Record<string, unknown> {
    const entries: [string, unknown][] = [];
    for (const { key, value } of node.items as { key: Node; value: Node | null }[]) {
      if (!isScalar(key)) {
        this.#refuse(path, key ?? node, "a key is not plain text: write `key: value`", "yaml");
        continue;
      }
      const text = String(key.value);
      const inner = [...path, text];
      if (text === "<<") {
        const reason = "`<<` is a merge key: write values out, or share them under `defaults`";
        this.#refuse(inner, key, reason, "no-alias");
      } else if (text === "__proto__") {
        this.#refuse(inner, key, "`__proto__` is not a name that anything here can have", "unknown-property");
      } else if (place.children.has(text)) {
        const { line } = this.#locate(place.children.get(text)?.keyOffset ?? 0);
        this.#refuse(inner, key, `\`${text}\` appears twice, first on line ${line}: keep one`, "duplicate-key");
      } else {
        entries.push([text, this.read(value, inner, child(place, text, key.range?.[0] ?? place.offset))]);
      }
    }
    return Object.fromEntries(entries);
  }

  #limit(path: Path, node: Node, length: number, what: string, most: number): void {
    if (length <= most) return;
    const read = `${length.toLocaleString("en")} ${what}, and at most ${most.toLocaleString("en")} are read`;
    this.#refuse(path, node, `has ${read}: shorten it`, "too-large");
  }

  #refuse(path: Path, node: Node, reason: string, rule: string): void {
    if (this.failures.length >= MOST_FAILURES) return;
    this.failures.push({ path, at: this.#locate(node.range?.[0] ?? 0), reason, rule });
  }
}

function child(place: Place, key: string | number, keyOffset: number): Place {
  const made: Place = { offset: keyOffset, keyOffset, children: new Map() };
  place.children.set(key, made);
  return made;
}
