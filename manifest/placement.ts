import type { EnvironmentFailure } from "./environment-failure.ts";
import { formatPath, type ManifestFailure, type ManifestFinding } from "./failure.ts";
import { MOST_FAILURES } from "./limits.ts";
import type { Source } from "./syntax.ts";

/** Assigns failures and findings to their lines, each distinct one once. */
export class Placement {
  readonly #file: string;
  readonly #source: Source;
  readonly #environments: readonly string[];

  /** @param environments names of all that are read */
  constructor(file: string, source: Source, environments: readonly string[]) {
    this.#file = file;
    this.#source = source;
    this.#environments = environments;
  }

  /** @param environments those that it holds in; unset: it is about the file */
  place(remark: EnvironmentFailure, environments?: string[]): ManifestFinding {
    const { path, atKey, unset: _, ...rest } = remark;
    const location = atKey ? this.#source.locateKey(path) : this.#source.locate(path);
    return { file: this.#file, ...location, path: formatPath(path), ...rest, ...(environments && { environments }) };
  }

  /** @param remarks of each environment, in their order */
  placeAll(remarks: EnvironmentFailure[][]): ManifestFinding[] {
    return merged(remarks).map(([remark, indexes]) => {
      // The path of an override names its environment already.
      const everywhere = indexes.length === this.#environments.length || remark.path[0] === "environments";
      return this.place(remark, everywhere ? undefined : indexes.map((index) => this.#environments[index] ?? ""));
    });
  }
}

/** Each distinct remark once, with the indexes of the environments that share it. */
function merged(remarks: EnvironmentFailure[][]): [EnvironmentFailure, number[]][] {
  const byText = new Map<string, [EnvironmentFailure, number[]]>();
  for (const [index, ofOne] of remarks.entries()) {
    for (const remark of ofOne) {
      const key = JSON.stringify([remark.path, remark.rule, remark.reason]);
      const entry = byText.get(key) ?? [remark, []];
      if (entry[1].at(-1) !== index) entry[1].push(index);
      byText.set(key, entry);
    }
  }
  return [...byText.values()];
}

/** A file with so many failures has one cause that is mended in many places: the first of them show it. */
export function limited(failures: ManifestFailure[]): ManifestFailure[] {
  const last = failures[MOST_FAILURES - 1];
  if (last === undefined || failures.length <= MOST_FAILURES) return failures;
  const reason = `there are more than ${MOST_FAILURES.toLocaleString("en")} failures: correct these first`;
  return [...failures.slice(0, MOST_FAILURES - 1), { ...last, path: "", reason, rule: "too-large" }];
}

/** In the order of the file. */
export function sorted<Remark extends ManifestFailure>(remarks: Remark[]): Remark[] {
  return remarks.sort((a, b) => a.line - b.line || a.column - b.column);
}

/**
 * A key of the file that is misspelt comes before what follows from it: under `enviroments` no environment is found, whichever is asked
 * for.
 */
export function causesFirst<Remark extends ManifestFailure>(remarks: readonly Remark[]): Remark[] {
  const isCause = ({ rule, path }: ManifestFailure) => rule === "unknown-property" && !/[.[]/.test(path);
  return [...remarks.filter(isCause), ...remarks.filter((remark) => !isCause(remark))];
}
