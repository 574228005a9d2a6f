import { readdir, readFile } from "node:fs/promises";
import { join, relative } from "node:path";

/** Secrets by purpose, and a search for them in everything that a run printed or wrote. */
export class PlantedSecrets {
  readonly #needles = new Map<string, Buffer[]>();

  /** How many are searched for. */
  get size(): number {
    return this.#needles.size;
  }

  /** @param what names the secret in findings: it is not shown itself */
  add(what: string, secret: string): void {
    if (secret.length < 8) throw new Error(`${what} is too short to be searched for`);
    this.#needles.set(
      what,
      formsOf(secret).map((form) => Buffer.from(form)),
    );
  }

  /** What is found in it. */
  in(bytes: string | Buffer): string[] {
    const buffer = typeof bytes === "string" ? Buffer.from(bytes) : bytes;
    return [...this.#needles].flatMap(([what, forms]) => (forms.some((form) => buffer.includes(form)) ? [what] : []));
  }

  /** What is found in the files below a directory, as `file: what`, and how many files there are. Links are not followed. */
  async below(
    directory: string,
    skip: (file: string) => boolean = () => false,
  ): Promise<{ files: number; found: string[] }> {
    const entries = await readdir(directory, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    const searched = files.filter((file) => !skip(relative(directory, file)));
    const found: string[] = [];
    for (const file of searched) {
      for (const what of this.in(await readFile(file))) found.push(`${relative(directory, file)}: ${what}`);
    }
    return { files: searched.length, found };
  }
}

/** A text as it is, and as it stands in JSON, HTML, URLs and forms, and in Base64 of whatever it is a part of. */
export function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const encoded = [0, 1, 2].flatMap((offset) => {
    // Of the characters at both ends, neighbouring bytes decide, too.
    const text = Buffer.concat([Buffer.alloc(offset), bytes])
      .toString("base64")
      .replace(/=+$/, "");
    const inner = text.slice(Math.ceil((offset * 4) / 3), Math.floor(((offset + bytes.length) * 4) / 3));
    return [inner, inner.replaceAll("+", "-").replaceAll("/", "_")];
  });
  const html = secret.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
  const form = new URLSearchParams([["", secret]]).toString().slice(1);
  const json = JSON.stringify(secret).slice(1, -1);
  const goJson = json.replace(/[&<>]/g, (character) => `\\u00${character.charCodeAt(0).toString(16)}`);
  return [
    ...new Set([
      secret,
      json,
      goJson,
      html,
      encodeURIComponent(secret),
      encodeURI(secret),
      form,
      bytes.toString("hex"),
      ...encoded,
    ]),
  ];
}
