#!/usr/bin/env node
import { setFlagsFromString } from "node:v8";

/*
 * `pulumi-resource-carto ENGINE_ADDRESS`: what the engine starts for the package `carto`. How Node is to run is settled before anything
 * else is loaded. `node bench/plugin-start.ts` measures what comes of it. There is no compile cache: it would take 10 MB, and save no time.
 */

// Calls leave much garbage and keep little: collected earlier, it takes half the memory.
setFlagsFromString("--semi-space-growth-factor=1");
setFlagsFromString("--heap-growing-percent=50");
setFlagsFromString("--optimize-for-size");
// Optimizing takes 25 MB for undici's parser, one huge function of WebAssembly, and 10 MB for all else, and makes no run faster.
setFlagsFromString("--liftoff-only --no-wasm-tier-up --no-wasm-dynamic-tiering");
setFlagsFromString("--no-turbofan --no-maglev --no-sparkplug");

await import("./serve.ts");
