import { randomUUID } from "node:crypto";
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { systemCode } from "../error/system-code.ts";
import type { Properties } from "../kinds/kind.ts";
import type { ClientOutputs } from "../provider/client-state.ts";
import type { DeclaredClient } from "./schedule.ts";

/** A resource as the state of the engine's stand-in keeps it. */
export interface Resource {
  logicalName: string;
  kind: DeclaredClient["kind"];
  id: string;
  inputs: Properties;
  outs: ClientOutputs & { clientSecret?: string; token?: string };
  /** Its create or update was not finished: the next `up` updates it. */
  unfinished?: boolean;
  /** Replaced, or no longer declared. */
  delete?: boolean;
}

/** The part of a state that survives a kill. */
export interface Checkpoint {
  /** Of the stack, random. */
  identity: string;
  resources: Resource[];
}

/** The state; empty before the first run. */
export function readCheckpoint(directory: string): Checkpoint {
  try {
    return JSON.parse(readFileSync(join(directory, "state.json"), "utf8"));
  } catch (error) {
    if (systemCode(error) === "ENOENT") return { identity: randomUUID(), resources: [] };
    throw error;
  }
}

/** Replaces the state in one step. */
export function writeCheckpoint(directory: string, checkpoint: Checkpoint): void {
  writeFileSync(join(directory, "state.new"), JSON.stringify(checkpoint));
  renameSync(join(directory, "state.new"), join(directory, "state.json"));
}
