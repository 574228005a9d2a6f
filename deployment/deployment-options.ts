import type { EngineEvent } from "@pulumi/pulumi/automation/index.js";
import type { Environment } from "../manifest/environment.ts";
import type { Checkpoints } from "./checkpoints.ts";
import type { State } from "./stack-state.ts";

/** What the engine does to an environment. */
export type Operation = "preview" | "up" | "refresh" | "destroy";

/** Options for opening an environment. */
export interface DeploymentOptions {
  /** Pulumi project name. */
  project: string;
  environment: Environment;
  /** The path of the `pulumi` CLI, and its version. */
  engine: { pulumi: string; version: string };
  /** Added to the environment of the engine and of all it starts: backend, passphrase, `CARTO_*` credentials. */
  variables?: Readonly<Record<string, string>>;
  /** Where a `Pulumi.<stack>.yaml` is read from, if there is one, which is never written; and what deliveries to files stay below. Unset: nowhere. */
  settingsDirectory?: string;
  /** Called for each delivery of credentials that an `up` made. */
  onDelivered?: (destination: string) => void;
  /** Whether a stack that does not exist is made when it is needed. Unset: false. */
  create?: boolean;
  /** Whether the engine starts the provider in a process of its own. Unset: false, this process serves it. */
  providerProcess?: boolean;
}

/** How an operation is run. */
export interface RunOptions {
  /** Asks CARTO first what changed there. `preview` and `up` only. Unset: false. */
  refresh?: boolean;
  /** Path that `preview` writes its plan to. Unset: none is written. */
  savePlan?: string;
  /** Only says what `destroy` or `refresh` would do. Unset: false. */
  previewOnly?: boolean;
  /** Path of the plan that `up` keeps to: it fails rather than do anything else. Unset: free. */
  plan?: string;
  /** The state, where it was just read. Unset: it is read if it is needed. */
  state?: State | undefined;
  /** How often the state is written, `up` and `destroy` only. Unset: as {@link checkpointsOfUp} decides. */
  checkpoints?: Checkpoints;
  /** Called with one line about anything unusual in the run. */
  onNote?: (note: string) => void;
  /** As they come. Diagnostics of severity `debug` may hold secrets: never show those. */
  onEvent?: (event: EngineEvent) => void;
  /** Ends the run; what was done is recorded in the state. */
  signal?: AbortSignal;
}
