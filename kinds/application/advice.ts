import type { Finding } from "../failure.ts";
import { isDangerousIn } from "../policy.ts";
import { privateHost } from "../url/private-host.ts";
import { quote } from "../url/quote.ts";
import { type ApplicationReading, extensionOf } from "./reading.ts";
import { APPLICATION_RULES, type ApplicationRuleId } from "./rules.ts";

/** Whether the production policy refuses a finding. */
export function isDangerous(finding: Finding): boolean {
  return isDangerousIn(APPLICATION_RULES, finding);
}

/** What is not wrong, but worth a reviewer's eye. */
export function findAdvice({ appUrl, thumbnailUrl, sharing }: ApplicationReading): Finding[] {
  const found: Finding[] = [];
  const add = (property: string, rule: ApplicationRuleId, url: string, problem: string) =>
    found.push({ property, rule, url, reason: `${quote(url)} ${problem}` });
  if (appUrl !== undefined && privateHost(appUrl.parsed.host) === "loopback") {
    if (sharing !== undefined && sharing !== "private") {
      const whom = sharing === "organization" ? "the entire organization" : "groups";
      const problem = `leads to each visitor's own machine, but the application is shared with ${whom}: use a URL that everyone can reach, or set sharing: "private".`;
      add("appUrl", "localhost-shared", appUrl.url, problem);
    }
  } else if (appUrl?.parsed.scheme === "http") {
    const problem = "uses http, so anyone on the network path can read and replace what people open: use https.";
    add("appUrl", "app-url-plain-http", appUrl.url, problem);
  }
  if (thumbnailUrl !== undefined && extensionOf(thumbnailUrl.parsed) === undefined) {
    const problem =
      "does not end in an image file extension, and the URL is not downloaded: check that the image is displayed.";
    add("thumbnailUrl", "thumbnail-unclear", thumbnailUrl.url, problem);
  }
  return found;
}
