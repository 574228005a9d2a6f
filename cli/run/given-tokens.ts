import type { ExistingResource } from "../../kinds/existing.ts";
import { readToken } from "../context/existing.ts";
import { readTokenFile } from "../context/token-file.ts";
import type { ChosenStack } from "./stacks.ts";

/** The tokens that files hold, by logical name, and why a file has none of the calling user's. */
export async function givenTokens(
  stack: ChosenStack,
  tokenFile: Readonly<Record<string, string>> = {},
): Promise<{ tokens: Map<string, ExistingResource>; failures: string[] }> {
  const tokens = new Map<string, ExistingResource>();
  const failures: string[] = [];
  for (const [logicalName, path] of Object.entries(tokenFile)) {
    const token = await readToken(stack.configuration(), await readTokenFile(path));
    const what = "the calling user has no API Access Token with the value in";
    if (token === undefined) failures.push(`${logicalName}: ${what} ${path === "-" ? "stdin" : path}`);
    else tokens.set(logicalName, token);
  }
  return { tokens, failures };
}
