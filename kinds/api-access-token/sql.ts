import { createRequire } from "node:module";

type Identifier = typeof import("sql-query-identifier");

const require = createRequire(import.meta.url);

/** What the rules ask of a SQL source; undefined: a single statement that is not known to write. */
export type SqlProblem = { statements: number } | { writes: string };

/** What the lexer does not recognise as a statement, but what writes or runs something. */
const WRITES =
  /^(create|insert|update|delete|merge|drop|alter|truncate|grant|revoke|call|execute|exec|begin|declare|set|copy|load|unload|export|replace|rename|comment|vacuum|commit|rollback|do|refresh|lock)\b/i;

/**
 * What is wrong with a SQL query that is the source of a grant.
 *
 * Warehouses differ in strings, quotes and comments, so the text is read in two ways, as the standard has it and as BigQuery does, and
 * something is wrong only if it is in both. A statement that writes within parentheses (`WITH x AS (DELETE ...)`) is not seen.
 */
export function sqlProblem(sql: string): SqlProblem | undefined {
  const standard = problemAsWritten(sql);
  if (standard === undefined || !/[\\#]/.test(sql)) return standard;
  // Backslash escapes and comments that begin with "#" are BigQuery's and MySQL's.
  return problemAsWritten(sql.replace(/\\[\s\S]/g, "__").replace(/#[^\n]*/g, "")) && standard;
}

function problemAsWritten(sql: string): SqlProblem | undefined {
  // Loaded by the first SQL source: most grants name tables.
  const { identify }: Identifier = require("sql-query-identifier");
  const statements = identify(sql, { strict: false, dialect: "generic", identifyTables: false });
  if (statements.length > 1) return { statements: statements.length };
  const [statement] = statements;
  if (statement === undefined) return undefined;
  const { executionType, type } = statement;
  if (executionType === "MODIFICATION" || executionType === "ANON_BLOCK" || executionType === "TRANSACTION") {
    return { writes: type.split("_")[0] ?? type };
  }
  const verb = WRITES.exec(withoutComments(statement.text))?.[1];
  return verb === undefined ? undefined : { writes: verb.toUpperCase() };
}

/** Without what precedes the first word. */
function withoutComments(text: string): string {
  return text.replace(/^(?:[\s(;]|--[^\n]*\n|\/\*(?:[^*]|\*(?!\/))*\*\/)+/, "");
}
