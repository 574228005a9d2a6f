import { chmod, copyFile, rename, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { DYNAMIC_PROVIDER } from "./search.ts";

/**
 * Places the script that starts dynamic providers next to a CLI. Pulumi's own archives bring it along; an engine built from source lacks
 * it, and the one inside `@pulumi/pulumi` is where the engine does not look.
 */
export async function placeDynamicProvider(bin: string): Promise<void> {
  const sdk = dirname(createRequire(import.meta.url).resolve("@pulumi/pulumi/package.json"));
  const temporary = join(bin, `.${DYNAMIC_PROVIDER}.${process.pid}`);
  try {
    await copyFile(join(sdk, DYNAMIC_PROVIDER), temporary);
    await chmod(temporary, 0o755);
    await rename(temporary, join(bin, DYNAMIC_PROVIDER));
  } finally {
    await rm(temporary, { force: true });
  }
}
