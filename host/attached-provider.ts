import { createRequire } from "node:module";
import { loadHttp } from "../carto/http.ts";
import type { StackState } from "../provider/engine.ts";
import { dynamicCore } from "./dynamic-core.ts";
import { canTellPeers, isFromOwnChild } from "./peer-process.ts";
import { ProviderServer } from "./provider-server.ts";

/** The variable that makes an engine attach to providers that are already running, and this entry in it. */
const VARIABLE = "PULUMI_DEBUG_PROVIDERS";
const PROVIDER = "pulumi-nodejs";

/** A provider in this process, for the engines that this process starts. */
export interface AttachedProvider extends AsyncDisposable {
  /** What makes an engine attach to it. */
  variables: Record<string, string>;
  /** Loads what the first call to CARTO needs: for whoever waits for the engine. */
  prepare(): Promise<unknown>;
}

/**
 * Serves the dynamic provider in this process: no other process has to be started, nor Node a second time. Calls carry
 * secrets, and this process holds the credentials, so a connection is accepted only from a process that this one has
 * started.
 *
 * @param environment variables of the run, for the settings that the engine does not pass
 * @param readState reads the state of the stack that is run
 * @returns undefined if the system does not show who connects, or where the user attaches a provider already: then
 * the engine starts one, or attaches to that one
 */
export async function attachProvider(
  environment: NodeJS.ProcessEnv,
  readState: () => Promise<StackState>,
): Promise<AttachedProvider | undefined> {
  const others = environment[VARIABLE]?.split(",").filter(Boolean) ?? [];
  if (others.some((entry) => entry.startsWith(`${PROVIDER}:`)) || !canTellPeers()) return undefined;
  const { version }: { version: string } = createRequire(import.meta.url)("pulumi-carto/package.json");
  const server = await ProviderServer.listen({
    version,
    admits: isFromOwnChild,
    serve: ({ warn, isOpen }) =>
      dynamicCore({
        environment,
        warn,
        engine: { isAlive: isOpen, replacesOnRequest: () => false, plannedInputs: () => undefined, readState },
      }),
  });
  return {
    variables: { [VARIABLE]: [...others, `${PROVIDER}:${server.port}`].join(",") },
    prepare: loadHttp,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}
