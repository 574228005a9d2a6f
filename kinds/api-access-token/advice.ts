import type { Finding } from "../failure.ts";
import { isDangerousIn } from "../policy.ts";
import { privateHost } from "../url/private-host.ts";
import { quote } from "../url/quote.ts";
import { originOf } from "../url/syntax.ts";
import { expiresSoon } from "./expiry.ts";
import { apiNames, audienceOf, readable } from "./reach.ts";
import type { DeclaredReferer, TokenReading } from "./reading.ts";
import { TOKEN_RULES, type TokenRuleId } from "./rules.ts";

const YEAR_MS = 366 * 24 * 60 * 60 * 1000;

/** Whether the production policy refuses a finding. */
export function isDangerous(finding: Finding): boolean {
  return isDangerousIn(TOKEN_RULES, finding);
}

/**
 * What is not wrong, but worth a reviewer's eye.
 *
 * @param now milliseconds since the epoch; undefined: the time is left out of account
 */
export function findAdvice(reading: TokenReading, now: number | undefined): Finding[] {
  return [...onGrants(reading), ...onApis(reading), ...onReferers(reading), ...onExpiration(reading, now)];
}

function onGrants({ grants, apis, referers }: TokenReading): Finding[] {
  const audience = audienceOf(referers?.map(({ referer }) => referer));
  const writes = apis?.includes("imports") ?? false;
  return grants.flatMap(({ property, connectionName = "the connection", source, read }): Finding[] => {
    const every =
      read.is === "everything"
        ? "every-table"
        : read.is === "pattern" && read.every
          ? "every-table-of-dataset"
          : undefined;
    if (every === undefined) return [];
    const target = readable({ connectionName, source });
    const what = writes
      ? `anyone who has the token can import into everything that ${quote(source)} reaches`
      : `${audience} can read ${target}`;
    return [finding(every, property, `${quote(source)}: ${what}. List the tables.`, source)];
  });
}

function onApis({ apis, referers }: TokenReading): Finding[] {
  if (!apis || !referers || referers.length === 0) return [];
  const risky = apis.filter((api) => api === "imports" || api === "lds");
  return [...new Set(risky)].map((api) =>
    finding(
      "api-in-page",
      `allowedApis[${apis.indexOf(api)}]`,
      `${quote(api)} is allowed for pages, so ${audienceOf(referers.map(({ referer }) => referer))} can use ${apiNames([api])}, at your expense: have a server do that with a separate token.`,
      api,
    ),
  );
}

function onReferers({ referers, grants, apis }: TokenReading): Finding[] {
  if (referers === undefined) return [];
  if (referers.length > 0) return referers.flatMap(onReferer);
  const [first] = grants;
  const can =
    first === undefined || apis?.includes("imports")
      ? "use the token"
      : `read ${readable({ connectionName: first.connectionName ?? "the connection", source: first.source })}${grants.length > 1 ? " and more" : ""}`;
  return [
    finding("any-website", "referers", `Without referers, any website can ${can}: list the origins of your pages.`),
  ];
}

function onReferer({ property, referer, url }: DeclaredReferer): Finding[] {
  const sent = originOf(url);
  return [
    ...(privateHost(url.host) === "loopback"
      ? [
          finding(
            "localhost-referer",
            property,
            `${quote(referer)} is each visitor's own machine: declare a separate token for development.`,
            referer,
          ),
        ]
      : []),
    ...(sent === referer
      ? []
      : [
          finding(
            "referer-as-sent",
            property,
            `${quote(referer)} is not what a browser sends, and may never match: write ${quote(sent)}.`,
            referer,
          ),
        ]),
  ];
}

function onExpiration({ expiration }: TokenReading, now: number | undefined): Finding[] {
  if (expiration === "never") {
    return [
      finding("no-expiration", "expirationDate", "The token never expires: write an expirationDate within a year."),
    ];
  }
  if (expiration === undefined || now === undefined) return [];
  const soon = expiresSoon(expiration, now);
  if (soon !== undefined) {
    return [
      finding(
        "expires-soon",
        "expirationDate",
        `The token expires ${soon}: write a later expirationDate, which replaces the token.`,
      ),
    ];
  }
  if (expiration - now <= YEAR_MS) return [];
  return [
    finding("long-lived", "expirationDate", "The token works for more than a year: write an earlier expirationDate."),
  ];
}

function finding(rule: TokenRuleId, property: string, reason: string, value?: string): Finding {
  return { property, reason, rule, ...(value !== undefined && { url: value }) };
}
