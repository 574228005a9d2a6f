#!/usr/bin/env node
import module from "node:module";
import { homedir } from "node:os";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";

/*
 * `pulumi-resource-carto ENGINE_ADDRESS`: what the engine starts for the package `carto`. How Node is to run is settled before anything
 * else is loaded. `node bench/plugin-start.ts` measures both.
 */

// Calls leave much garbage and keep little: collected earlier, it takes half the memory.
setFlagsFromString("--semi-space-growth-factor=1");
setFlagsFromString("--heap-growing-percent=50");
// A pipeline begins with no compiled code, and writing it takes longer than reading it would save.
if (process.env.CI === undefined) module.enableCompileCache(join(homedir(), ".cache", "pulumi-carto", "node"));

await import("./serve.ts");
