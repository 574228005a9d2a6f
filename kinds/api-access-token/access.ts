import { type Access, whoOf } from "../access.ts";
import type { ExposureRow } from "../exposure-row.ts";
import type { Properties } from "../kind.ts";
import { apiNames, readable } from "./reach.ts";
import { readSource } from "./source.ts";

/** Exposures of API Access Tokens. */
export const EXPOSURES = {
  "token-reaches-more": { text: "A website gains access to data or to an API through an API Access Token." },
} as const satisfies Record<string, ExposureRow>;

/** APIs that read by grants; the others are powers of their own. */
const READING = ["sql", "maps"] as const;

/**
 * Who can read what with an API Access Token: pages of its referers, or any website, each grant through each API.
 *
 * @param inputs of any shape; a value that is not known yet stands for something unknown
 */
export function reachOfToken(inputs: Readonly<Properties>): (Access & { rule: keyof typeof EXPOSURES })[] {
  const powers = powersOf(listOf(inputs.grants), listOf(inputs.allowedApis));
  const referers = listOf(inputs.referers ?? []);
  const common = { rule: "token-reaches-more", whenLost: "this may break pages" } as const;
  if (referers.length === 0) {
    const anyone = { who: "any website", value: "any website", anyone: true } as const;
    return powers.map((power) => ({ ...common, ...power, ...anyone }));
  }
  return referers.flatMap((referer) => {
    const who =
      typeof referer === "string"
        ? { ...whoOf(referer), who: `anyone who opens a page of ${whoOf(referer).who}` }
        : { who: "anyone who opens a page that is not known yet", value: JSON.stringify(referer) ?? "" };
    return powers.map((power) => ({ ...common, ...power, ...who }));
  });
}

type Power = Pick<Access, "power" | "property"> & { includedIn: string[] };

function powersOf(grants: readonly unknown[], apis: readonly unknown[]): Power[] {
  const reading = READING.filter((api) => apis.includes(api));
  const others = apis.filter((api) => !READING.some((one) => one === api));
  const read = reading.length === 0 ? [] : grants.map((grant, index) => readingPower(grant, reading, index));
  return [
    ...read,
    ...others.map((api, index): Power => {
      const name = typeof api === "string" ? apiNames([api]) : "an API that is not known yet";
      return { power: `use ${name}`, property: `allowedApis[${index}]`, includedIn: [] };
    }),
  ];
}

function readingPower(grant: unknown, apis: readonly string[], index: number): Power {
  const { connectionName, source } = (typeof grant === "object" ? grant : undefined) as Record<string, unknown>;
  const property = `grants[${index}].source`;
  if (typeof connectionName !== "string" || typeof source !== "string") {
    return { power: `read something that is not known yet through ${apiNames(apis)}`, property, includedIn: [] };
  }
  const sources = [source, ...broaderThan(source)].map((one) => readable({ connectionName, source: one }));
  const combinations = [apis, READING].filter((one) => apis.every((api) => one.some((other) => other === api)));
  const [power = "", ...includedIn] = sources.flatMap((what) =>
    combinations.map((one) => `read ${what} through ${apiNames(one)}`),
  );
  return { power, property, includedIn };
}

/** Sources that grant this one, too. */
function broaderThan(source: string): string[] {
  const trimmed = source.trim();
  const { is } = readSource(trimmed);
  if (is === "everything") return [];
  const dataset = is === "table" ? /^(.+)\.[^.]+$/.exec(trimmed)?.[1] : undefined;
  return [...(dataset?.includes(".") ? [`${dataset}.*`] : []), "*"];
}

/** An unknown list is one unknown element. */
function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : value === undefined ? [] : [value];
}
