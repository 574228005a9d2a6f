import { apiAccessToken } from "../../kinds/api-access-token/index.ts";
import { application } from "../../kinds/application/index.ts";
import { RULES } from "../../kinds/index.ts";
import type { Rule } from "../../kinds/rule.ts";

const OTHERS = [...apiAccessToken.rules, ...application.rules];
const CLIENT_RULES = RULES.filter(({ id }) => !OTHERS.some((rule) => rule.id === id));

/** docs/rules.md: the table of rules as a page for people. */
export function rulesPage(): string {
  const failures = CLIENT_RULES.filter(({ level }) => level === "failure");
  const advice = CLIENT_RULES.filter(({ level }) => level === "advice");
  return `${[
    "# Rules",
    "<!-- Written from the tables of rules in kinds/ by `npm run docs`. -->",
    INTRODUCTION,
    "| rule | CARTO's wildcard rule | standard policy | production policy |\n| --- | --- | --- | --- |",
  ].join("\n\n")}
${CLIENT_RULES.map(tableRow).join("\n")}

${["## Failures", ...failures.map(section), "## Advice", ADVICE, ...advice.map(section), MATCHING].join("\n\n")}

${tokenRules()}

${APPLICATIONS}

${table(application.rules)}
`;
}

function table(rules: readonly Rule[]): string {
  return `| rule | standard policy | production policy |
| --- | --- | --- |
${rules.map((rule) => `| [\`${rule.id}\`](#${rule.id}) | ${levels(rule).join(" | ")} |`).join("\n")}

${rules.map(section).join("\n\n")}`;
}

function tokenRules(): string {
  const { rules } = apiAccessToken;
  return `${TOKENS}

${table(rules)}

${TOKENS_MATCHING}`;
}

const INTRODUCTION = `Every input of a client is checked at preview, before anything changes. All failures are shown at once, each with the path of
the input; where a value breaks several rules, the most telling one is named. Advice stops nothing. The
**production policy** (\`carto:policy: production\`, the provider's \`policy\`, or \`policy\` of one client) turns the dangerous
advice into failures.

Values that a preview does not know yet are checked once they are known.`;

const ADVICE = `Under the production policy an exemption lets one dangerous finding pass. It names the rule, the URL exactly as declared and
a reason, which reports repeat:

\`\`\`yaml
allow:
  - rule: wildcard
    url: https://*.example.com/callback
    reason: One host per customer
\`\`\``;

const MATCHING = `## What a listed URL matches

- Callback URLs match exactly, with port, path, query and trailing slash; only the case of scheme and host makes no difference,
  nor whether a default port is written.
- Logout URLs match without query and fragment.
- Origins match by scheme, host and port.
- A wildcard stands for one or more characters of exactly one label (CARTO's wildcard rule 6): \`https://*.example.com\` covers
  \`https://a.example.com\`, but neither \`https://a.b.example.com\` nor \`https://example.com\`.

\`matchesUrl(list, allowed, url)\` answers it for any pair.`;

const TOKENS = `## API Access Tokens

Tokens are checked in the same way, by rules of their own besides \`required\`, \`type\`, \`unknown-property\`, \`name\`, \`exemption\` and
\`unused-exemption\`. Rules on the expiration need the time: \`report --diff\`, whose result must not depend on the day, leaves them out.

An exemption names the rule and a reason, and the source, referer or API exactly as declared where the finding is about one:

\`\`\`yaml
allow:
  - rule: every-table
    value: "*"
    reason: A separate connection that reaches public data only
  - rule: no-expiration
    reason: The map is printed on posters
\`\`\``;

const APPLICATIONS = `## Applications

An application's App URL and thumbnail are checked by the rules of a login URL and by the rules below. Its exemptions name the rule, the URL and a reason.

Not checked at preview: whether the thumbnail is an image of 150 x 150 pixels, because nothing is downloaded, and whether groups exist. CARTO
refuses a group that does not exist in \`up\`, and the message names the nearest one.`;

const TOKENS_MATCHING = `### How SQL is interpreted

A lexer (\`sql-query-identifier\`) splits a SQL source into statements. Warehouses differ in strings and comments, so the text is
read in two ways, and refused only if it is wrong in both: a doubtful query is left to CARTO. Not seen is a statement that writes within
parentheses, such as \`WITH x AS (DELETE ...) SELECT\`: CARTO and the connection's own permissions are what stops it.

### Which pages may use a token

The page's origin has to be one of the referers, as text: \`matchesReferer(referers, pageUrl)\` answers it. Without referers every page
may use the token. That CARTO compares text is assumed, from its warning that a trailing slash never matches.`;

function tableRow(rule: Rule): string {
  const { id, carto } = rule;
  return `| [\`${id}\`](#${id}) | ${carto ?? ""} | ${levels(rule).join(" | ")} |`;
}

/** Under the standard and the production policy. */
function levels({ level, dangerous }: Rule): string[] {
  return [level, level === "failure" || dangerous ? "failure" : "advice"];
}

function section({ id, carto, why, fix, example, instead }: Rule): string {
  return `### ${id}

${why}${carto ? ` (CARTO's wildcard rule ${carto}.)` : ""}

\`\`\`yaml
# instead of
${lines(example)}
# write
${lines(instead)}
\`\`\`

${fix}`;
}

function lines(inputs: Readonly<Record<string, unknown>>): string {
  return Object.entries(inputs)
    .map(([property, value]) => `${property}: ${show(value)}${remark(value)}`)
    .join("\n");
}

const SHOWN_ELEMENTS = 3;
const SHOWN_CHARACTERS = 80;

/** As YAML, long lists and texts cut. */
function show(value: unknown): string {
  if (Array.isArray(value)) {
    const shown = value.slice(0, SHOWN_ELEMENTS).map(show);
    return `[${[...shown, ...(value.length > SHOWN_ELEMENTS ? ["…"] : [])].join(", ")}]`;
  }
  if (typeof value === "object" && value !== null) {
    const parts = Object.entries(value).map(([key, part]) => `${key}: ${show(part)}`);
    return `{ ${parts.join(", ")} }`;
  }
  if (typeof value !== "string") return "";
  return JSON.stringify(value.length > SHOWN_CHARACTERS ? `${value.slice(0, SHOWN_CHARACTERS / 2)}…` : value);
}

function remark(value: unknown): string {
  if (!Array.isArray(value)) return value === undefined ? "# nothing" : "";
  if (value.length > SHOWN_ELEMENTS) return ` # ${value.length} in all`;
  const [first] = value;
  const long = typeof first === "string" && first.length > SHOWN_CHARACTERS;
  return long ? ` # ${first.length.toLocaleString("en")} characters` : "";
}
