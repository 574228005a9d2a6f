import type { ExemptionForm, Exemptions } from "../exemptions.ts";
import type { Failure } from "../failure.ts";
import { InputReader, isList, isRecord, isString } from "../input-reader.ts";
import type { Policy } from "../policy.ts";
import { readName, readSettings } from "../read-settings.ts";
import { checkUrl, type UrlPlace } from "../url/check.ts";
import { URL_LISTS, type UrlList } from "../url/lists.ts";
import { quote } from "../url/quote.ts";
import type { ParsedUrl } from "../url/syntax.ts";
import type { ClientKind } from "./oauth-client.ts";
import { LONGEST_NAME, M2M_PROPERTIES, MOST_URLS, OUTPUTS, SPA_PROPERTIES } from "./properties.ts";
import { RULES, type RuleId } from "./rules.ts";

/** A URL that broke no rule. */
export interface DeclaredUrl {
  /** Its path in the inputs. */
  property: string;
  /** As declared. */
  url: string;
  parsed: ParsedUrl;
}

/** A list of URLs as far as it could be read. */
export interface DeclaredList {
  /** The good ones. */
  urls: DeclaredUrl[];
  /** How many elements were declared, good, bad or unknown. */
  length: number;
  /** Every element is known and good, so what is missing is missing. */
  complete: boolean;
}

/** What could be read of a client's inputs. */
export interface ClientReading {
  failures: Failure[];
  loginUrl?: DeclaredUrl;
  /** A list that was left out is absent: it follows from the login URL. `undecided`: unknown, or no list at all. */
  lists: Partial<Record<UrlList, DeclaredList | "undecided">>;
  /** Every URL is known and good, so what follows from them all is certain. */
  settled: boolean;
  policy?: Policy;
  exemptions: Exemptions;
}

const SPA = { title: "SPA OAuth client", properties: SPA_PROPERTIES, outputs: OUTPUTS };
const KINDS = { spa: SPA, m2m: { title: "M2M OAuth client", properties: M2M_PROPERTIES, outputs: OUTPUTS } };

/** Findings that are about a URL. */
const EXEMPTIONS: ExemptionForm = {
  rules: RULES.filter(({ level, id }) => level === "advice" && id !== "near-limit" && id !== "unused-exemption").map(
    ({ id }) => id,
  ),
  about: "url",
};

/** Reads inputs of any shape, and finds every failure that does not depend on the policy. Never throws. */
export function readClient(kind: ClientKind, inputs: unknown, isUnknown: (value: unknown) => boolean): ClientReading {
  if (!isRecord(inputs)) {
    const reason = `The inputs are ${quote(inputs)}: write an object with a name.`;
    const failures: Failure[] = isUnknown(inputs) ? [] : [{ property: "", reason, rule: "type" }];
    return { failures, lists: {}, settled: false, exemptions: { entries: [], undecided: true, about: "url" } };
  }
  const reader = new InputReader<RuleId>(inputs, isUnknown);
  readName(reader, "Field maps", LONGEST_NAME);
  const urls = kind === "spa" ? readUrls(reader) : { lists: {}, settled: true };
  return { failures: reader.failures, ...urls, ...readSettings(reader, KINDS[kind], EXEMPTIONS, [SPA]) };
}

function readUrls(reader: InputReader<RuleId>): Pick<ClientReading, "loginUrl" | "lists" | "settled"> {
  const place = "applicationLoginUrl";
  const value = reader.readRequired(place, "https://app.example.com/login");
  const loginUrl = value === undefined ? undefined : readUrl(reader, place, place, value);
  const lists: ClientReading["lists"] = {};
  let settled = loginUrl !== undefined;
  for (const name of URL_LISTS) {
    const list = readList(reader, name);
    if (list === undefined) continue;
    lists[name] = list;
    if (list === "undecided" || !list.complete) settled = false;
  }
  return { ...(loginUrl && { loginUrl }), lists, settled };
}

function readList(reader: InputReader<RuleId>, name: UrlList): DeclaredList | "undecided" | undefined {
  const list = reader.inputs[name];
  if (list === undefined) return undefined;
  if (reader.isUnknown(list)) return "undecided";
  if (!isList(list)) {
    reader.failType(
      name,
      list,
      isString(list) ? `a list, ${asList(list)}` : "a list of URLs, or omit it to use the default",
    );
    return "undecided";
  }
  if (list.length > MOST_URLS) {
    const advice = "remove some, or split the client";
    reader.fail(
      name,
      "too-many-urls",
      `${name} has ${list.length} URLs, but CARTO allows ${MOST_URLS} per list: ${advice}.`,
    );
  }
  const urls = [...list.slice(0, MOST_URLS).entries()].map(([i, value]) => {
    const property = `${name}[${i}]`;
    if (reader.isUnknown(value)) return undefined;
    if (isString(value)) return readUrl(reader, name, property, value);
    reader.failType(property, value, "a URL");
    return undefined;
  });
  const good = urls.filter((url) => url !== undefined);
  return { urls: good, length: list.length, complete: good.length === list.length };
}

function readUrl(reader: InputReader<RuleId>, place: UrlPlace, property: string, url: string): DeclaredUrl | undefined {
  const parsed = checkUrl(place, url);
  if (!("rule" in parsed)) return { property, url, parsed };
  reader.fail(property, parsed.rule, `${quote(url)} ${parsed.problem}`);
  return undefined;
}

/** A text with commas, as CARTO's form takes it, written as a list. */
function asList(text: string): string {
  const [first = "", ...others] = text.split(",").map((url) => quote(url.trim()));
  return others.length > 1 ? `[${first}, ${others[0]}, …]` : `[${[first, ...others].join(", ")}]`;
}
