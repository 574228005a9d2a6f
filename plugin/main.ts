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
// Optimizing undici's parser, one huge function of WebAssembly, takes 25 MB, and that of our own code 8 MB: the engine takes longer for a
// resource than either.
for (const flag of ["--liftoff-only", "--no-wasm-tier-up", "--no-wasm-dynamic-tiering", "--no-turbofan", "--no-maglev"]) {
  setFlagsFromString(flag);
}

await import("./serve.ts");
