import type { Failure } from "./failure.ts";
import { type ClientKind, type Excuse, type Policy, URL_LISTS, type UrlList } from "./oauth-client.ts";
import { explainUnknown, nearestName, PROPERTY_NAMES } from "./property-names.ts";
import { quote } from "./quote.ts";
import { checkUrl, type UrlPlace } from "./url-check.ts";
import { findRule, RULES, type RuleId } from "./url-rules.ts";
import type { ParsedUrl } from "./url-syntax.ts";

/** A URL that broke no rule. */
export interface DeclaredUrl {
  place: UrlPlace;
  /** Its path in the inputs. */
  property: string;
  /** As declared. */
  url: string;
  parsed: ParsedUrl;
}

export interface DeclaredList {
  urls: DeclaredUrl[];
  /** How many elements were declared, good, bad or unknown. */
  length: number;
  /** Every element is known and good, so what is missing is missing. */
  complete: boolean;
}

/** What could be read of a client's inputs. */
export interface ClientReading {
  failures: Failure[];
  loginUrl: DeclaredUrl | undefined;
  /** A list that was left out is absent: it follows from the login URL. `undecided`: unknown, or no list at all. */
  lists: Partial<Record<UrlList, DeclaredList | "undecided">>;
  /** Every URL is known and good, so what follows from them all is certain. */
  settled: boolean;
  policy: Policy | undefined;
  excuses: (Excuse & { property: string })[];
  /** Some of the excuses are unknown or faulty, so nobody can say what is not excused. */
  excusesUndecided: boolean;
}

/** Assumed: at most 100 URLs a list (Auth0's limit), not documented by CARTO. */
export const MOST_URLS = 100;
/** Assumed: 255 characters, not documented by CARTO. */
const LONGEST_NAME = 255;

/** Reads inputs of any shape, and finds every failure that does not depend on the policy. Never throws. */
export function readClient(kind: ClientKind, inputs: unknown, isUnknown: (value: unknown) => boolean): ClientReading {
  const reading: ClientReading = {
    failures: [],
    loginUrl: undefined,
    lists: {},
    settled: true,
    policy: undefined,
    excuses: [],
    excusesUndecided: false,
  };
  const fail = (property: string, rule: RuleId, reason: string) => {
    reading.failures.push({ property, reason, rule });
  };
  const failType = (property: string, value: unknown, expected: string) =>
    fail(property, "type", `${property} is ${quote(value)}: write ${expected}.`);

  if (isUnknown(inputs)) return reading;
  if (!isRecord(inputs)) {
    fail("", "type", `The inputs are ${quote(inputs)}: write an object with a name.`);
    return reading;
  }

  /** The value of a property that is there, known and of its type. */
  function read<T>(property: string, expected: string, is: (value: unknown) => value is T): T | undefined {
    const value = (inputs as Record<string, unknown>)[property];
    if (value === undefined || isUnknown(value)) return undefined;
    if (is(value)) return value;
    failType(property, value, expected);
    return undefined;
  }

  function readRequired(property: string, example: string): string | undefined {
    const value = (inputs as Record<string, unknown>)[property];
    if (value !== undefined && value !== null) return read(property, `a text, such as "${example}"`, isString);
    fail(property, "required", `${property} is missing: write one, such as "${example}".`);
    return undefined;
  }

  function readUrl(place: UrlPlace, property: string, url: string): DeclaredUrl | undefined {
    const parsed = checkUrl(place, url);
    if (!("rule" in parsed)) return { place, property, url, parsed };
    fail(property, parsed.rule, `${quote(url)} ${parsed.problem}`);
    return undefined;
  }

  function readList(list: UrlList): DeclaredList | "undecided" | undefined {
    const value = (inputs as Record<string, unknown>)[list];
    if (value === undefined) return undefined;
    if (isUnknown(value)) return "undecided";
    if (!Array.isArray(value)) {
      const parts = isString(value) ? value.split(",").map((part) => quote(part.trim())) : [];
      if (parts.length > 0)
        fail(
          list,
          "type",
          `${list} is one text, ${quote(value)}: write a list, [${parts.slice(0, 3).join(", ")}${parts.length > 3 ? ", …" : ""}].`,
        );
      else failType(list, value, "a list of URLs, or leave it out for the default");
      return "undecided";
    }
    if (value.length > MOST_URLS) {
      fail(
        list,
        "too-many-urls",
        `${list} holds ${value.length} URLs, and CARTO takes at most ${MOST_URLS} a list: drop some, or split the client.`,
      );
    }
    const urls: DeclaredUrl[] = [];
    let complete = true;
    for (const [i, element] of value.entries()) {
      const property = `${list}[${i}]`;
      if (!isUnknown(element)) {
        if (isString(element)) {
          const url = readUrl(list, property, element);
          if (url) {
            urls.push(url);
            continue;
          }
        } else failType(property, element, "a URL");
      }
      complete = false;
    }
    return { urls, length: value.length, complete };
  }

  function readExcuses(): void {
    const value = (inputs as Record<string, unknown>).allow;
    if (isUnknown(value)) reading.excusesUndecided = true;
    const entries = read("allow", "a list of { rule, url, reason }", (list): list is unknown[] => Array.isArray(list));
    for (const [i, entry] of (entries ?? []).entries()) {
      const property = `allow[${i}]`;
      const excuse = isUnknown(entry) ? undefined : readExcuse(property, entry, isUnknown, fail);
      if (excuse) reading.excuses.push({ ...excuse, property });
      else reading.excusesUndecided = true;
    }
  }

  const name = readRequired("name", "Field maps");
  if (name !== undefined) checkName(name, fail);
  if (kind === "spa") {
    const loginUrl = readRequired("applicationLoginUrl", "https://app.example.com/login");
    if (loginUrl !== undefined) reading.loginUrl = readUrl("applicationLoginUrl", "applicationLoginUrl", loginUrl);
    for (const list of URL_LISTS) {
      const read = readList(list);
      if (read !== undefined) reading.lists[list] = read;
      if (read === "undecided" || read?.complete === false) reading.settled = false;
    }
  }
  read("deletionProtection", "true or false", (value) => typeof value === "boolean");
  read("rotationTrigger", 'a text, such as "2027-01"', isString);
  reading.policy = read("policy", '"standard" or "production"', isPolicy);
  readExcuses();
  for (const key of Object.keys(inputs)) {
    if (PROPERTY_NAMES[kind].includes(key) || key.startsWith("__") || key === "idempotencyKey") continue;
    if (inputs[key] === undefined) continue;
    fail(key, "unknown-property", `${quote(key)} ${explainUnknown(kind, key)}`);
  }
  return reading;
}

type Fail = (property: string, rule: RuleId, reason: string) => void;

function checkName(name: string, fail: Fail): void {
  const length = [...name].length;
  if (/[<>]/.test(name)) {
    fail("name", "name", `${quote(name)} holds "<" or ">", which CARTO refuses in a name: drop them.`);
  } else if (length === 0 || length > LONGEST_NAME) {
    fail("name", "name", `${quote(name)} has ${length} characters: write 1 to ${LONGEST_NAME}.`);
  }
}

/** Undefined when a part is missing, faulty or unknown. */
function readExcuse(
  property: string,
  entry: unknown,
  isUnknown: (value: unknown) => boolean,
  fail: Fail,
): Excuse | undefined {
  if (!isRecord(entry)) {
    fail(property, "type", `${property} is ${quote(entry)}: write { rule, url, reason }.`);
    return undefined;
  }
  const wanted = {
    rule: 'the rule of the finding, such as "wildcard"',
    url: "the URL of the finding, exactly as declared",
    reason: "why it is right here",
  };
  let good = true;
  for (const [part, meaning] of Object.entries(wanted)) {
    const value = entry[part];
    if (isUnknown(value)) good = false;
    else if (!isString(value) || value.trim() === "") {
      good = false;
      const problem = value === undefined || value === "" ? "is missing" : `is ${quote(value)}`;
      fail(`${property}.${part}`, "excuse", `${property}.${part} ${problem}: write ${meaning}.`);
    }
  }
  for (const key of Object.keys(entry)) {
    if (Object.hasOwn(wanted, key)) continue;
    fail(`${property}.${key}`, "excuse", `${quote(key)} is no part of an excuse: write { rule, url, reason }.`);
    good = false;
  }
  const { rule } = entry;
  if (isString(rule) && rule.trim() !== "" && !isUnknown(rule) && findRule(rule)?.level !== "advice") {
    const near = nearestName(rule, ADVICE_IDS);
    const advice = near ? `write "${near}"` : `write one of ${ADVICE_IDS.join(", ")}`;
    const problem = findRule(rule) ? "is a failure, which nothing excuses" : "is no rule";
    fail(`${property}.rule`, "excuse", `${quote(rule)} ${problem}: ${advice}.`);
    good = false;
  }
  return good ? { rule: String(entry.rule), url: String(entry.url), reason: String(entry.reason) } : undefined;
}

const ADVICE_IDS = RULES.filter(({ level, id }) => level === "advice" && id !== "unused-excuse").map(({ id }) => id);

const isString = (value: unknown): value is string => typeof value === "string";
const isPolicy = (value: unknown): value is Policy => value === "standard" || value === "production";
const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
