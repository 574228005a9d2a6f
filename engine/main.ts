/* `npm run engine` finds or installs a Pulumi engine, and says where it is. */
import { EngineError, findOrInstallEngine } from "./index.ts";

const ORIGINS = { path: "on PATH", found: "found", installed: "installed", built: "built" } as const;

const controller = new AbortController();
const interrupt = () => controller.abort();
process.on("SIGINT", interrupt).on("SIGTERM", interrupt);

try {
  const engine = await findOrInstallEngine({ log: (line) => console.error(line), signal: controller.signal });
  console.log(`Pulumi ${engine.version}, ${ORIGINS[engine.origin]}: ${engine.pulumi}`);
} catch (error) {
  if (controller.signal.aborted) {
    console.error("Interrupted: nothing was installed.");
    process.exitCode = 130;
  } else if (error instanceof EngineError) {
    console.error(error.message);
    process.exitCode = 1;
  } else throw error;
} finally {
  process.off("SIGINT", interrupt).off("SIGTERM", interrupt);
}
