/* `npm run bench:kinds` compares a preview of 100 resources of each kind with one of 100 SPA OAuth clients. */
import { readFile, writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { stringify } from "yaml";
import { pulumiWorkspace } from "../harness/pulumi-workspace.ts";
import { replaceSection } from "../house/section.ts";
import { byKind, KIND_IDS, KINDS, type KindId } from "../kinds/index.ts";
import { startCarto } from "./api.ts";
import { PULUMI_CARTO } from "./contestants.ts";
import { describeMachine } from "./machine.ts";
import { summarize } from "./statistics.ts";

const RESOURCES = 100;
/** What every other kind is compared with. */
const BASE = "spa";
/** How much longer than that of clients a preview of another kind may take. */
const LIMIT = 1.1;
const DAY_MS = 86_400_000;

const { values } = parseArgs({
  options: { rounds: { type: "string", default: "7" }, "write-docs": { type: "boolean", default: false } },
});

/** The least that can be declared, so many times; a token that expires neither soon nor in years, of which a preview would warn. */
function manifest(kind: KindId): string {
  const expirationDate = new Date(Date.now() + 200 * DAY_MS).toISOString();
  const inputs = { kind, ...KINDS[kind].sample, ...("expirationDate" in KINDS[kind].sample && { expirationDate }) };
  const resources = Array.from({ length: RESOURCES }, (_, index) => [
    `resource-${index}`,
    { ...inputs, name: `${inputs.name} ${index}` },
  ]);
  const document = { version: 1, clients: Object.fromEntries(resources), environments: { test: {} } };
  return stringify(document, { aliasDuplicateObjects: false });
}

await using api = await startCarto();
const apiUrl = api.env.CARTO_CREDENTIALS_URL?.replace(/\/workspace-api$/, "/api") ?? "";
await using workspace = await pulumiWorkspace({
  files: Object.fromEntries(KIND_IDS.map((kind) => [`${kind}.yaml`, manifest(kind)])),
  env: { CI: "true", CARTO_API_URL: apiUrl, ...api.env },
});
const [node, main] = PULUMI_CARTO;
const seconds = byKind((): number[] => []);
for (let round = 0; round <= Number(values.rounds); round++) {
  for (let turn = 0; turn < KIND_IDS.length; turn++) {
    // The first one is another in each round.
    const kind = KIND_IDS[(turn + round) % KIND_IDS.length] ?? KIND_IDS[0];
    const start = performance.now();
    const { code, stdout, stderr } = await workspace.run(node, [main, "preview", "--env", "test", `${kind}.yaml`]);
    if (code !== 0) throw new Error(`preview of ${kind} ended with ${code}:\n${stdout}${stderr}`);
    // The first round fills the caches of the machine.
    if (round > 0) seconds[kind].push((performance.now() - start) / 1000);
  }
}

const base = summarize(seconds[BASE]).median;
const rows = KIND_IDS.map((kind) => ({ kind, ...summarize(seconds[kind]) })).map((row) => ({
  ...row,
  ratio: row.median / base,
}));
const { hardware, startedAt, loadBefore } = await describeMachine();
const text = `Measured on ${startedAt.slice(0, 10)} on ${hardware} (load ${loadBefore.toFixed(1)}), ${values.rounds} rounds in turn.

| preview of ${RESOURCES}, by the command | median | fastest | ratio to ${KINDS[BASE].label} OAuth clients |
| --- | --- | --- | --- |
${rows.map(({ kind, median, min, ratio }) => `| \`kind: ${kind}\` | ${median.toFixed(2)} s | ${min.toFixed(2)} s | ${ratio.toFixed(2)} |`).join("\n")}`;
console.log(text);
if (rows.some(({ ratio }) => ratio > LIMIT)) {
  console.error(`A preview of another kind takes more than ${LIMIT} times as long.`);
  process.exitCode = 1;
}
if (values["write-docs"]) {
  const page = new URL("../docs/benchmark.md", import.meta.url);
  await writeFile(page, replaceSection(await readFile(page, "utf8"), "kinds", text));
}
