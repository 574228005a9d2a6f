import { parseArgs } from "node:util";
import { PulumiCartoError } from "../error/pulumi-carto-error.ts";
import { findOrInstallEngine, LANGUAGES, type Language } from "./index.ts";

/*
 * `npm run engine` finds or installs a Pulumi engine, and prints where it is. `-- --languages yaml,python` also builds the language hosts
 * that it lacks.
 */

const ORIGINS = { path: "on PATH", found: "found", built: "built" } as const;

const { values } = parseArgs({ options: { languages: { type: "string", default: "" } } });
const asked = values.languages.split(",").filter(Boolean);
const unknown = asked.filter((language) => !LANGUAGES.some((known) => known === language));
if (unknown.length > 0) {
  console.error(`--languages: ${unknown.join(", ")} is not known. Known: ${LANGUAGES.join(", ")}.`);
  process.exit(2);
}

const controller = new AbortController();
const interrupt = () => controller.abort();
process.on("SIGINT", interrupt).on("SIGTERM", interrupt);

try {
  const engine = await findOrInstallEngine({
    log: (line) => console.error(line),
    signal: controller.signal,
    languages: asked as Language[],
  });
  console.log(`Pulumi ${engine.version}, ${ORIGINS[engine.origin]}: ${engine.pulumi}`);
} catch (error) {
  if (controller.signal.aborted) {
    console.error("Interrupted: nothing was installed.");
    process.exitCode = 130;
  } else if (error instanceof PulumiCartoError) {
    console.error(error.message);
    process.exitCode = 1;
  } else throw error;
} finally {
  process.off("SIGINT", interrupt).off("SIGTERM", interrupt);
}
