/** What kind of source a grant has. */
export type Source =
  /** A fully qualified table or tileset. */
  | { is: "table" }
  /** A pattern; `every`: everything before the star, e.g. `project.dataset` of `project.dataset.*`. */
  | { is: "pattern"; every: string | undefined }
  | { is: "sql" }
  /** Everything that the connection reaches. */
  | { is: "everything" }
  | { is: "short pattern" | "unknown" };

/** A part of a qualified name: quoted, or letters, digits, `_`, `$` and hyphens. */
const SEGMENT = /^(?:`[^`]+`|"[^"]+"|[\p{L}\p{N}_$-]+)$/u;
const STARRED = /^[\p{L}\p{N}_$-]*\*[\p{L}\p{N}_$-]*$/u;
/** What a statement begins with; a table is a statement's beginning only with something behind it. */
const STATEMENT =
  /^(?:\(\s*)*(?:select|with|from|values|table|insert|update|delete|merge|drop|create|alter|truncate|grant|revoke|call|execute|exec|begin|declare|set|copy|load|unload|export|explain|show|describe|use|replace|rename|comment|vacuum|commit|rollback|do|refresh|lock)\b/i;

/**
 * Reads a grant's source.
 *
 * @param source without space at either end
 */
export function readSource(source: string): Source {
  if (source === "*") return { is: "everything" };
  const statement = source.replace(/^(?:\s|--[^\n]*\n|#[^\n]*\n|\/\*(?:[^*]|\*(?!\/))*\*\/)+/, "");
  if (/[\s(]/.test(statement) && STATEMENT.test(statement)) return { is: "sql" };
  const segments = splitName(source);
  const starred = segments.findIndex((segment) => segment.includes("*"));
  if (starred < 0) return { is: segments.length >= 2 && segments.every(isSegment) ? "table" : "unknown" };
  const before = segments.slice(0, starred);
  const rest = segments.slice(starred);
  if (!before.every(isSegment) || !rest.every((segment) => isSegment(segment) || STARRED.test(segment))) {
    return { is: "unknown" };
  }
  if (rest.filter((segment) => segment.includes("*")).length > 1) return { is: "unknown" };
  if (before.length < 2) return { is: "short pattern" };
  return { is: "pattern", every: rest[0] === "*" && rest.length === 1 ? before.join(".") : undefined };
}

function isSegment(segment: string): boolean {
  return SEGMENT.test(segment);
}

/** At dots outside quotes. A name that is quoted as a whole is taken apart too. */
function splitName(name: string): string[] {
  const whole = /^`([^`]+)`$/.exec(name)?.[1] ?? name;
  return (
    whole.match(/`[^`]*`?|"[^"]*"?|[^.`"]+|\./g)?.reduce<string[]>(
      (segments, part) => {
        if (part === ".") segments.push("");
        else segments[segments.length - 1] += part;
        return segments;
      },
      [""],
    ) ?? []
  );
}
