import { join } from "node:path";
import * as companions from "./companions.ts";
import { PROJECT, STACK, Stage } from "./stage.ts";
import * as steps from "./steps.ts";
import { Transcript } from "./transcript.ts";

/*
 * `npm run demo`: the main job, told step by step, on an emulated CARTO and a real Pulumi engine. Ends with exit code 0
 * only if every step held. `--keep` leaves emulator and stack for you to play with.
 */

const keep = process.argv.includes("--keep");
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
  tell.line(`  pulumi config set manifest clients.yaml --stack ${STACK}   # then edit clients.yaml`);
  tell.line(`  pulumi preview --stack ${STACK}`);
  tell.line("");
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
