#!/usr/bin/env node
import { setFlagsFromString } from "node:v8";
import "./serve.ts";

/*
 * `pulumi-resource-carto ENGINE_ADDRESS`: what the engine starts for the package `carto`. `node bench/plugin-start.ts` measures what comes
 * of the flags. They are set once all that serves is loaded: Node has its own modules compiled, and V8 compiles them anew under other flags.
 */

// Calls leave much garbage and keep little: collected earlier, it takes half the memory.
setFlagsFromString("--semi-space-growth-factor=1");
setFlagsFromString("--heap-growing-percent=50");
setFlagsFromString("--optimize-for-size");
// Optimizing takes 25 MB for undici's parser, one huge function of WebAssembly, and 10 MB for all else, and makes no run faster.
setFlagsFromString("--liftoff-only --no-wasm-tier-up --no-wasm-dynamic-tiering");
setFlagsFromString("--no-turbofan --no-maglev --no-sparkplug");
