import { existsSync } from "node:fs";
import { join } from "node:path";

const VENV = join(import.meta.dirname, "../.pulumi-carto/sdks/venv");

/** Whether `npm run sdks` has installed the Python package: it says why where it has not. */
export function pythonIsReady(): boolean {
  return existsSync(join(VENV, "bin/pulumi_carto.ready"));
}

/** The directory of the `python` that has the package. */
export const PYTHON_BIN = join(VENV, "bin");
