import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { CartoError } from "./errors.ts";

/** What is read of the CARTO CLI's file; anything may be missing or of another type. Without zod: previews wait for it. */
interface ProfileFile {
  current_profile?: unknown;
  profiles?: Record<string, { token?: unknown; tenant_domain?: unknown } | null> | null;
}

/** What the CARTO CLI is logged in with. */
interface Profile {
  accessToken: string;
  tenantDomain: string | undefined;
}

/**
 * The current profile of the CARTO CLI; undefined if it is not logged in.
 *
 * @throws CartoError `invalid_configuration` When its file is not JSON, or CARTO_PROFILE names no profile in it.
 * @see CARTO CLI reference: `~/.carto_credentials.json`, CARTO_PROFILE
 */
export function currentProfile(environment: NodeJS.ProcessEnv): Profile | undefined {
  const file = join(environment.HOME ?? homedir(), ".carto_credentials.json");
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch {
    return undefined; // never logged in with the CARTO CLI
  }
  const parsed = parseJson(text);
  if (typeof parsed !== "object" || parsed === null) {
    throw new CartoError(
      "invalid_configuration",
      "The CARTO CLI's profile file ~/.carto_credentials.json is not JSON. Run `carto auth login` again, or remove it.",
    );
  }
  const { current_profile: current, profiles }: ProfileFile = parsed;
  const name = environment.CARTO_PROFILE || (typeof current === "string" ? current : undefined);
  const profile = name === undefined ? undefined : profiles?.[name];
  if (!profile && environment.CARTO_PROFILE) {
    throw new CartoError(
      "invalid_configuration",
      `The profile ${JSON.stringify(name)} that CARTO_PROFILE names is not in ~/.carto_credentials.json. Correct or unset CARTO_PROFILE.`,
    );
  }
  if (typeof profile?.token !== "string" || profile.token === "") return undefined;
  return {
    accessToken: profile.token,
    tenantDomain: typeof profile.tenant_domain === "string" ? profile.tenant_domain : undefined,
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
