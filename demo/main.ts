import { join, relative } from "node:path";
import { parseArgs } from "node:util";
import * as companions from "./companions.ts";
import { MANIFEST, PROJECT, STACK, Stage } from "./stage.ts";
import * as steps from "./steps.ts";
import { Transcript } from "./transcript.ts";

/*
 * `npm run demo`: the main job, told step by step, on an emulated CARTO and a real Pulumi engine. Ends with exit code 0
 * only if every step held. `--keep` leaves emulator and stack for you to play with.
 */

const USAGE = `Usage: npm run demo -- [options]

Shows the main job step by step, on an emulated CARTO and with a real Pulumi engine.

Options:
  --keep  leave the emulator and the stack running for you to try, until Ctrl-C
  --help  show this text
`;

const { keep, help } = readOptions();
if (help) {
  process.stdout.write(USAGE);
  process.exit(0);
}
const tell = new Transcript();
const stopping = new AbortController();
let stage: Stage | undefined;
for (const [signal, code] of [
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const) {
  process.once(signal, async () => {
    stopping.abort(new Error(`stopped by ${signal}`));
    await stage?.stop();
    process.exit(code);
  });
}

function readOptions(): { keep: boolean; help: boolean } {
  try {
    return parseArgs({
      options: { keep: { type: "boolean", default: false }, help: { type: "boolean", default: false } },
    }).values;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n\n${USAGE}`);
    process.exit(2);
  }
}

async function demo(): Promise<void> {
  const set = await Stage.set(tell, stopping.signal);
  stage = set;
  try {
    await set.initializeStack();
    const clients = await steps.create(set, tell);
    await steps.useM2m(set, tell, clients);
    await steps.changeNothing(set, tell);
    const spa = await steps.correctDrift(set, tell, clients);
    await steps.update(set, tell, spa);
    await steps.declareRefused(set, tell, spa);
    await companions.declareCompanions(set, tell);
    await companions.readWithToken(set, tell, clients);
    await companions.lookAtWorkspace(set, tell);
    await steps.lookForSecrets(set, tell, clients);
    if (keep) {
      await set.up();
      explain(set);
      await new Promise((resolve) => stopping.signal.addEventListener("abort", resolve));
      return;
    }
    await steps.destroy(set, tell, clients);
    tell.line("");
    tell.line("Every step held.");
  } finally {
    await set.stop();
  }
}

function explain({ engineBin, environment, emulator }: Stage): void {
  const { PULUMI_BACKEND_URL, PULUMI_CONFIG_PASSPHRASE } = environment;
  tell.step("Emulator and stack are yours");
  tell.line("In another terminal, in this folder:");
  tell.line("");
  for (const [name, value] of Object.entries({ ...emulator.env, PULUMI_BACKEND_URL, PULUMI_CONFIG_PASSPHRASE }))
    tell.line(`  export ${name}='${value}'`);
  tell.line(`  export PATH="${join(PROJECT, "node_modules", ".bin")}:${engineBin}:$PATH"`);
  tell.line(`  pulumi preview --stack ${STACK}`);
  tell.line("");
  tell.line(
    `The stack's manifest is ${relative(PROJECT, MANIFEST)}: edit it, preview again, then \`pulumi up --stack ${STACK}\`.`,
  );
  tell.line("Ctrl-C stops the emulator; its clients and the stack are gone with it.");
}

demo().then(
  () => process.exit(0),
  (error) => {
    if (stopping.signal.aborted) return; // the signal's handler ends the process
    process.stderr.write(`\nThe demo failed. ${error instanceof Error ? error.message : error}\n`);
    process.exit(1);
  },
);
