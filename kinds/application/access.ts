import { type Access, whoOf } from "../access.ts";
import type { ExposureRow } from "../exposure-row.ts";
import type { Properties } from "../kind.ts";
import { quote } from "../url/quote.ts";

/** Exposures of applications. */
export const EXPOSURES = {
  "application-shared": {
    text: "More people see an application in the Workspace. Visibility only: who may log in is not changed.",
    host: "none",
  },
  "application-opens-host": {
    text: "An application leads to another host than before, or loads its thumbnail from one.",
    host: "recognised",
  },
} as const satisfies Record<string, ExposureRow>;

type ApplicationAccess = Access & { rule: keyof typeof EXPOSURES };

/**
 * Who sees an application, and which hosts its card links to or loads from.
 *
 * @param inputs of any shape; a value that is not known yet stands for something unknown
 */
export function reachOfApplication({ appUrl, thumbnailUrl, sharing }: Readonly<Properties>): ApplicationAccess[] {
  const rule = "application-opens-host";
  const hosts: ApplicationAccess[] = [
    { rule, power: "receive people who open the application", property: "appUrl", ...hostOf(appUrl) },
  ];
  if (thumbnailUrl !== undefined && thumbnailUrl !== "") {
    const power = "serve the application's thumbnail, and see who looks at it";
    hosts.push({ rule, power, property: "thumbnailUrl", ...hostOf(thumbnailUrl) });
  }
  const power = "see the application (visibility only: who may log in is not changed)";
  return [...hosts, ...viewers(sharing ?? "organization").map((who) => ({ ...who, ...SEES, power }))];
}

const SEES = { rule: "application-shared", property: "sharing" } as const;

function viewers(sharing: unknown): Pick<Access, "who" | "value" | "anyone">[] {
  if (sharing === "private") return [];
  if (sharing === "organization") {
    return [{ who: "everyone in the organization", value: "organization", anyone: true }];
  }
  const groups = typeof sharing === "object" && sharing !== null && "groups" in sharing ? sharing.groups : sharing;
  return (Array.isArray(groups) ? groups : [groups]).map((group: unknown) =>
    typeof group === "string" && typeof sharing === "object"
      ? { who: `the group ${quote(group)}`, value: `group ${group}` }
      : { who: "a group that is not known yet", value: JSON.stringify(group) ?? "" },
  );
}

function hostOf(url: unknown): Pick<Access, "who" | "value" | "origin"> {
  if (typeof url === "string") return whoOf(url);
  return { who: "a host that is not known yet", value: JSON.stringify(url) ?? "" };
}
