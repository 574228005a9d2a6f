import module, { createRequire } from "node:module";

/*
 * Pulumi's SDK without the parts that slow down a command that runs no user code. Has to be loaded before it.
 *
 * - TypeScript, and what reads npm's dependency tree, which the SDK loads to serialise closures, are most of the time and memory
 *   that loading it takes. A manifest has no closures. A version of the SDK that does not have one of these needs nothing left out.
 * - Three debug messages for each resource, which hold secrets, go to the engine one after the other, into the event
 *   log and out of it again. Nobody sees them: the command has no --debug.
 * - A record of each promise, to find leaked ones at the end of a program, is kept for some sixty promises of each client.
 */

const require = createRequire(import.meta.url);
const requireOfSdk = createRequire(require.resolve("@pulumi/pulumi/package.json"));

for (const name of ["@pulumi/pulumi/typescript-shim.js", "@npmcli/arborist", "normalize-package-data"]) {
  const path = pathInSdk(name);
  if (path !== undefined)
    require.cache[path] ??= Object.assign(new module.Module(path), { filename: path, loaded: true, exports: {} });
}

const log: { debug: () => Promise<void> } = require("@pulumi/pulumi/log/index.js");
log.debug = () => Promise.resolve();

const debuggable: { debuggablePromise: <T>(promise: T) => T } = require("@pulumi/pulumi/runtime/debuggable.js");
debuggable.debuggablePromise = (promise) => promise;

function pathInSdk(name: string): string | undefined {
  try {
    return requireOfSdk.resolve(name);
  } catch {
    return undefined;
  }
}
