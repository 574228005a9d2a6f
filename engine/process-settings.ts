import { homedir } from "node:os";
import { delimiter, dirname, join } from "node:path";

/** What the search for an engine takes from the process's environment variables. No other file of engine/ reads them. */
export interface ProcessSettings {
  /** Directories of `PATH`, in order. */
  path: string[];
  /** `PULUMI_HOME`; unset: `~/.pulumi`. Engines live in `versions/<version>/bin` below it. */
  pulumiHome: string;
  /** Where Go may be: `PATH`, and where its own instructions put it. */
  goPath: string[];
  /** Everything else, handed to children. */
  variables: NodeJS.ProcessEnv;
}

/** Reads the environment variables of this process. */
export function readProcessSettings(variables: NodeJS.ProcessEnv = process.env): ProcessSettings {
  // npm puts node's own directory first on PATH of scripts; outside npm the running node is still the one to use.
  const path = [...(variables.PATH ?? "").split(delimiter).filter(Boolean), dirname(process.execPath)];
  return {
    path,
    goPath: [...path, "/usr/local/go/bin"],
    pulumiHome: variables.PULUMI_HOME || join(homedir(), ".pulumi"),
    variables,
  };
}
