import { withoutPasswords } from "./deployment-error.ts";
import { type CliWorkspace, runCli } from "./stack-state.ts";

/** Where the state of a stack is stored. */
export interface StackPlace {
  /** As the engine names the stack everywhere: `<organization>/<project>/<stack>`. */
  fullName: string;
  /** URL of the backend, a password in it masked. */
  backend: string;
  /** Whether a password was masked. */
  masked: boolean;
}

/** The stack's name with project; what is not in a DIY backend has an organization of its own, which the engine adds. */
export function qualified(stack: string, project: string, organization = "organization"): string {
  const parts = stack.split("/");
  if (parts.length >= 3) return stack;
  return parts.length === 2 ? `${parts[0]}/${project}/${parts[1]}` : `${organization}/${project}/${stack}`;
}

/** Asks the CLI: the backend may come from the environment, or from a login. */
export async function readPlace(workspace: CliWorkspace, stack: string, project: string): Promise<StackPlace> {
  const { url }: { url: string } = JSON.parse(await runCli(workspace, ["whoami", "--json", "--verbose"]));
  const backend = withoutPasswords(url);
  const ofCloud = /^https?:/.test(url);
  const organization =
    ofCloud && !stack.includes("/")
      ? (await runCli(workspace, ["org", "get-default"])).trim().split("\n").at(-1)
      : undefined;
  return { fullName: qualified(stack, project, organization || undefined), backend, masked: backend !== url };
}
