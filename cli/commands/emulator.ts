import { emulatorEnv, type Identity, startEmulator } from "../../emulator/index.ts";
import { EXIT, type ExitCode } from "../context/exit-code.ts";

/** Options of `emulator`. */
export interface EmulatorCommandOptions {
  port: number;
  /** SQLite file. Unset: in memory. */
  db?: string;
  /** File that lists where the APIs differ from the assumed contract. */
  contract?: string;
  /** Print the variables and exit. */
  printEnv?: boolean;
  /** Whose variables are printed. Unset: admin. */
  identity?: Identity;
}

/** Runs a local CARTO until it is interrupted. */
export async function emulator({ port, db, contract, printEnv, identity }: EmulatorCommandOptions): Promise<ExitCode> {
  if (identity !== undefined && !printEnv) {
    process.stderr.write("emulator: --identity chooses whose variables --print-env prints: add --print-env\n");
    return EXIT.invalid;
  }
  if (printEnv) {
    process.stdout.write(exports(emulatorEnv(port, identity)));
    return EXIT.done;
  }
  const log = (line: string) => process.stdout.write(`${line}\n`);
  const running = await startEmulator({
    port,
    log,
    ...(db !== undefined && { db }),
    ...(contract !== undefined && { contract }),
  });
  log(`CARTO emulator at ${running.url}, ${db === undefined ? "in memory" : `data in ${db}`}. In another shell:`);
  log(`  eval "$(npx pulumi-carto emulator --port ${new URL(running.url).port} --print-env)"`);
  await new Promise<void>((resolve) => process.once("SIGINT", resolve).once("SIGTERM", resolve));
  await running.close();
  return EXIT.done;
}

function exports(variables: Record<string, string>): string {
  return Object.entries(variables)
    .map(([name, value]) => `export ${name}='${value.replaceAll("'", "'\\''")}'\n`)
    .join("");
}
