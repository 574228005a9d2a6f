import type { ExemptionForm, Exemptions } from "../exemptions.ts";
import type { Failure } from "../failure.ts";
import { InputReader, isBoolean, isRecord, isString } from "../input-reader.ts";
import type { Policy } from "../policy.ts";
import { readName, readSettings } from "../read-settings.ts";
import { checkUrl } from "../url/check.ts";
import { quote } from "../url/quote.ts";
import type { ParsedUrl } from "../url/syntax.ts";
import type { Sharing } from "./application.ts";
import { LONGEST_DESCRIPTION, LONGEST_NAME, OUTPUTS, PROPERTIES } from "./properties.ts";
import { APPLICATION_RULES, type ApplicationRuleId } from "./rules.ts";
import { type ApplicationReader, readSharing } from "./sharing.ts";

/** A URL that broke no rule. */
export interface DeclaredUrl {
  /** As declared. */
  url: string;
  parsed: ParsedUrl;
}

/** What could be read of an application's inputs. */
export interface ApplicationReading {
  failures: Failure[];
  /** Undefined: not known yet, or wrong. */
  appUrl: DeclaredUrl | undefined;
  /** Undefined: none, not known yet, or wrong. */
  thumbnailUrl: DeclaredUrl | undefined;
  /** Undefined: not known yet, or wrong. */
  sharing: Sharing | undefined;
  /** Everything that advice is about is known and good, so what is not found is not there. */
  settled: boolean;
  policy?: Policy;
  exemptions: Exemptions;
}

const APPLICATION = { title: "application", properties: PROPERTIES, outputs: OUTPUTS };
const EXEMPTIONS: ExemptionForm = {
  rules: APPLICATION_RULES.filter(({ level }) => level === "advice").map(({ id }) => id),
  about: "url",
};
const IMAGES = ["avif", "bmp", "gif", "ico", "jpeg", "jpg", "png", "svg", "webp"];

/** Reads inputs of any shape, and finds every failure that does not depend on the policy. Never throws. */
export function readApplication(inputs: unknown, isUnknown: (value: unknown) => boolean): ApplicationReading {
  if (!isRecord(inputs)) {
    const reason = `The inputs are ${quote(inputs)}: write an object with a name and an appUrl.`;
    return {
      failures: isUnknown(inputs) ? [] : [{ property: "", reason, rule: "type" }],
      ...{ appUrl: undefined, thumbnailUrl: undefined, sharing: undefined, settled: false },
      exemptions: { entries: [], undecided: true, about: "url" },
    };
  }
  const reader: ApplicationReader = new InputReader(inputs, isUnknown);
  readName(reader, "Field maps", LONGEST_NAME);
  readDescription(reader);
  const url = reader.readRequired("appUrl", "https://app.example.com/");
  const appUrl = url === undefined ? undefined : readUrl(reader, "appUrl", url);
  const thumbnailUrl = readThumbnail(reader);
  const sharing = readSharing(reader);
  reader.read("pinnedToHome", "true or false", isBoolean);
  const settings = readSettings(reader, APPLICATION, EXEMPTIONS);
  const noThumbnail = inputs.thumbnailUrl === undefined || inputs.thumbnailUrl === "";
  return {
    failures: reader.failures,
    appUrl,
    thumbnailUrl,
    sharing,
    settled: appUrl !== undefined && sharing !== undefined && (noThumbnail || thumbnailUrl !== undefined),
    ...settings,
  };
}

function readDescription(reader: ApplicationReader): void {
  const description = reader.read("description", 'a string, for example "Where our teams are today"', isString);
  const length = [...(description ?? "")].length;
  if (length <= LONGEST_DESCRIPTION) return;
  const problem = `is ${length} characters long: write at most ${LONGEST_DESCRIPTION}`;
  reader.fail("description", "description-too-long", `${quote(description)} ${problem}.`);
}

function readThumbnail(reader: ApplicationReader): DeclaredUrl | undefined {
  const value = reader.read("thumbnailUrl", 'a URL, for example "https://cdn.example.com/app.png"', isString);
  if (value === undefined || value === "") return undefined;
  const fail = (rule: ApplicationRuleId, problem: string) => {
    // A data URI is an image of any size: it is unreadable in a message.
    const shown = rule === "thumbnail-data" ? "A data URI" : quote(value);
    reader.fail("thumbnailUrl", rule, `${shown} ${problem}`);
    return undefined;
  };
  if (/^data:/i.test(value)) {
    return fail(
      "thumbnail-data",
      "is the image itself, but CARTO expects the URL of an image: host it and use its URL.",
    );
  }
  const url = readUrl(reader, "thumbnailUrl", value);
  if (url === undefined) return undefined;
  if (url.parsed.scheme === "http") {
    return fail("thumbnail-https", "uses http, but the Workspace is served over https: use an https URL.");
  }
  const extension = extensionOf(url.parsed);
  if (extension === undefined || IMAGES.includes(extension)) return url;
  return fail("thumbnail-image", `points to a file that is not an image: use one of ${IMAGES.join(", ")}.`);
}

/** Lower case, of the last part of the path; undefined without one. */
export function extensionOf({ path }: ParsedUrl): string | undefined {
  return /\.([a-z\d]{1,8})$/i.exec(path)?.[1]?.toLowerCase();
}

function readUrl(reader: ApplicationReader, property: "appUrl" | "thumbnailUrl", url: string): DeclaredUrl | undefined {
  // What the rules say of a login URL holds for any URL that is one place.
  const parsed = checkUrl("applicationLoginUrl", url);
  if (!("rule" in parsed)) return { url, parsed };
  if (parsed.rule === "no-wildcard-in-login-url") {
    reader.fail(
      property,
      "app-url-wildcard",
      `${quote(url)} contains a "*", but it must be a single address: write it without a wildcard.`,
    );
  } else reader.fail(property, parsed.rule, `${quote(url)} ${parsed.problem}`);
  return undefined;
}
