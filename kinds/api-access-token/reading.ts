import { parseDateTime } from "../date-time.ts";
import type { ExemptionForm, Exemptions } from "../exemptions.ts";
import type { Failure } from "../failure.ts";
import { InputReader, isList, isRecord, isString } from "../input-reader.ts";
import { nearestName } from "../nearest-name.ts";
import type { Policy } from "../policy.ts";
import { readName, readSettings } from "../read-settings.ts";
import { quote } from "../url/quote.ts";
import type { ParsedUrl } from "../url/syntax.ts";
import { APIS, type Api } from "./api-access-token.ts";
import { type DeclaredGrant, readGrants, readList, type TokenReader } from "./grants.ts";
import { LONGEST_NAME, OUTPUTS, PROPERTIES } from "./properties.ts";
import { readReferer } from "./referer.ts";
import { TOKEN_RULES } from "./rules.ts";

/** A referer that broke no rule. */
export interface DeclaredReferer {
  property: string;
  /** As declared. */
  referer: string;
  url: ParsedUrl;
}

/** What could be read of a token's inputs. */
export interface TokenReading {
  failures: Failure[];
  grants: DeclaredGrant[];
  /** Undefined: not known yet, or no list. */
  apis: Api[] | undefined;
  /** Undefined: not known yet, or not all good. */
  referers: DeclaredReferer[] | undefined;
  /** Milliseconds since the epoch; `"never"`: none is declared; undefined: not known yet, or wrong. */
  expiration: number | "never" | undefined;
  /** Everything is known and good, so what is not found is not there. */
  settled: boolean;
  policy?: Policy;
  exemptions: Exemptions;
}

const EXEMPTIONS: ExemptionForm = {
  rules: TOKEN_RULES.filter(({ level }) => level === "advice").map(({ id }) => id),
  about: "value",
};
const TOKEN = { title: "API Access Token", properties: PROPERTIES, outputs: OUTPUTS };

/**
 * Reads inputs of any shape, and finds every failure that does not depend on the policy. Never throws.
 *
 * @param now milliseconds since the epoch; undefined: the time is left out of account
 */
export function readToken(
  inputs: unknown,
  isUnknown: (value: unknown) => boolean,
  now: number | undefined,
): TokenReading {
  if (!isRecord(inputs)) {
    const reason = `The inputs are ${quote(inputs)}: write an object with a name, grants and allowedApis.`;
    return {
      failures: isUnknown(inputs) ? [] : [{ property: "", reason, rule: "type" }],
      ...{ grants: [], apis: undefined, referers: undefined, expiration: undefined, settled: false },
      exemptions: { entries: [], undecided: true, about: "value" },
    };
  }
  const reader: TokenReader = new InputReader(inputs, isUnknown);
  readName(reader, "Store map", LONGEST_NAME);
  const { grants, complete } = readGrants(reader);
  const apis = readApis(reader);
  const referers = readReferers(reader);
  const expiration = readExpiration(reader, now);
  const settings = readSettings(reader, TOKEN, EXEMPTIONS);
  const settled = complete && apis !== undefined && referers !== undefined && expiration !== undefined;
  return {
    failures: reader.failures,
    grants,
    apis,
    referers,
    expiration,
    settled,
    ...settings,
  };
}

function readApis(reader: TokenReader): Api[] | undefined {
  const list = readList(reader, "allowedApis", 'a list, for example ["sql", "maps"]', 'one, for example "sql"');
  const apis = [...(list ?? []).entries()].map(([i, api]) => {
    if (reader.isUnknown(api)) return undefined;
    const property = `allowedApis[${i}]`;
    if (isApi(api)) return api;
    if (!isString(api)) reader.failType(property, api, `one of ${APIS.join(", ")}`);
    else {
      const near = nearestName(api, APIS);
      const advice = near === undefined ? `write one of ${APIS.join(", ")}` : `write "${near}"`;
      reader.fail(property, "unknown-api", `${quote(api)} is not a CARTO API for tokens: ${advice}.`);
    }
    return undefined;
  });
  const good = apis.filter((api) => api !== undefined);
  if (good.includes("imports") && new Set(good).size > 1) {
    const advice = "declare a separate token for it";
    reader.fail(
      "allowedApis",
      "imports-alone",
      `allowedApis combines "imports" with other APIs, which CARTO refuses: ${advice}.`,
    );
  }
  return list === undefined || good.length < list.length ? undefined : good;
}

function readReferers(reader: TokenReader): DeclaredReferer[] | undefined {
  const value = reader.inputs.referers;
  if (value === undefined) return [];
  const list = reader.read("referers", 'a list, for example ["https://app.example.com"]', isList);
  if (list === undefined) return undefined;
  const referers = [...list.entries()].map(([i, referer]) => {
    const property = `referers[${i}]`;
    if (reader.isUnknown(referer)) return undefined;
    if (!isString(referer)) {
      reader.failType(property, referer, 'an origin, for example "https://app.example.com"');
      return undefined;
    }
    const url = readReferer(referer);
    if (!("rule" in url)) return { property, referer, url };
    reader.fail(property, url.rule, `${quote(referer)} ${url.problem}`);
    return undefined;
  });
  const good = referers.filter((referer) => referer !== undefined);
  return good.length < list.length ? undefined : good;
}

function readExpiration(reader: TokenReader, now: number | undefined): TokenReading["expiration"] {
  if (reader.inputs.expirationDate === undefined) return "never";
  const example = "2027-06-30T00:00:00Z";
  const date = reader.read("expirationDate", `a string, for example "${example}"`, isString);
  if (date === undefined) return undefined;
  const time = parseDateTime(date);
  if (time === undefined) {
    const advice = `write, for example, "${/^\d{4}-\d\d-\d\d$/.test(date) && parseDateTime(`${date}T00:00:00Z`) ? `${date}T00:00:00Z` : example}"`;
    reader.fail(
      "expirationDate",
      "expiration-date",
      `${quote(date)} is not a date and time with offset (RFC 3339): ${advice}.`,
    );
  } else if (now !== undefined && time <= now) {
    reader.fail(
      "expirationDate",
      "expired",
      `${quote(date)} is in the past: write a later date, which replaces the token.`,
    );
    return undefined;
  }
  return time;
}

const isApi = (value: unknown): value is Api => APIS.some((api) => api === value);
