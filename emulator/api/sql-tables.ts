const NAME = /(?:`[^`]+`|"[^"]+"|[\p{L}\p{N}_-]+)/u.source;
const TOKEN = new RegExp(`'(?:[^']|'')*'|${NAME}(?:\\.${NAME})*|\\S`, "gu");
const LONGEST = 100_000;
const STARTS_NAME = /^[\p{L}\p{N}_`"]/u;
const AFTER_TABLE =
  /^(where|join|inner|left|right|full|cross|on|using|group|order|limit|having|union|natural|window|qualify|offset|tablesample|except|intersect)$/i;

/**
 * The tables that a query reads, without quotes; empty unless it is a single `SELECT` that is understood. It may understand too little,
 * never too much: comments, escapes and dollar quotes, which differ between warehouses, it does not take.
 */
export function tablesOf(sql: string): string[] | undefined {
  if (sql.length > LONGEST || /[\\#$]|--|\/\*/.test(sql)) return undefined;
  const tokens: string[] = sql.match(TOKEN) ?? [];
  if (tokens.at(-1) === ";") tokens.pop();
  if (!/^(select|with)$/i.test(tokens[0] ?? "") || tokens.includes(";")) return undefined;
  const own = new Set(tokens.filter((_, at) => /^as$/i.test(tokens[at + 1] ?? "") && tokens[at + 2] === "("));
  const tables = new Set<string>();
  for (const [at, token] of tokens.entries()) {
    if (!/^(from|join)$/i.test(token)) continue;
    for (let next: number | undefined = at + 1; next !== undefined; ) {
      const name = tokens[next] ?? "";
      const after = name === "(" ? afterSubquery(tokens, next) : afterTable(tokens, next);
      if (after === undefined) return undefined;
      if (name !== "(" && !(own.has(name) && !name.includes("."))) tables.add(name.replace(/[`"]/g, ""));
      const end = afterAlias(tokens, after);
      next = tokens[end] === "," ? end + 1 : undefined;
    }
  }
  return [...tables];
}

/** Undefined for a function, or if it is not a name. */
function afterTable(tokens: string[], at: number): number | undefined {
  return STARTS_NAME.test(tokens[at] ?? "") && tokens[at + 1] !== "(" ? at + 1 : undefined;
}

/** Its own FROM is found like any other. */
function afterSubquery(tokens: string[], at: number): number | undefined {
  if (!/^(select|with)$/i.test(tokens[at + 1] ?? "")) return undefined;
  let depth = 0;
  for (let next = at; next < tokens.length; next++) {
    if (tokens[next] === "(") depth += 1;
    if (tokens[next] === ")" && --depth === 0) return next + 1;
  }
  return undefined;
}

function afterAlias(tokens: string[], at: number): number {
  if (/^as$/i.test(tokens[at] ?? "")) return at + 2;
  return STARTS_NAME.test(tokens[at] ?? "") && !AFTER_TABLE.test(tokens[at] ?? "") ? at + 1 : at;
}
