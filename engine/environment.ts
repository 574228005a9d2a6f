import { homedir } from "node:os";
import { delimiter, dirname, join } from "node:path";

/** What the bootstrap takes from the process's environment; this file is the only one of the room that reads it. */
export interface Environment {
  /** Directories of `PATH`, in order. */
  path: string[];
  /** `PULUMI_HOME`; unset: `~/.pulumi`. Engines live in `versions/<version>/bin` below it. */
  pulumiHome: string;
  /** Where Go may be: `PATH`, and where its own instructions put it. */
  goPath: string[];
  /** Everything else, handed to children. */
  variables: NodeJS.ProcessEnv;
}

/** Reads the environment of this process. */
export function readEnvironment(variables: NodeJS.ProcessEnv = process.env): Environment {
  // npm puts node's own directory first on PATH of scripts; outside npm the running node is still the one to use.
  const path = [...(variables.PATH ?? "").split(delimiter).filter(Boolean), dirname(process.execPath)];
  return {
    path,
    goPath: [...path, "/usr/local/go/bin"],
    pulumiHome: variables.PULUMI_HOME || join(homedir(), ".pulumi"),
    variables,
  };
}
