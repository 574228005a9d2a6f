import { join } from "node:path";
import { type PulumiWorkspace, pulumiWorkspace } from "../harness/pulumi-workspace.ts";
import { someClients } from "./contestant.ts";
import { manifest, PULUMI_CARTO } from "./contestants.ts";
import { type Summary, summarize } from "./statistics.ts";

/** An operation that needs neither CARTO nor a stack. */
export interface OfflineFigure {
  name: "check" | "report --diff" | "import" | "import adds" | "provider start" | "provider adds" | "emulator start";
  title: string;
  ms: Summary;
}

const RUNS = 7;
const CLIENTS = 1000;

/** Each prints milliseconds, one figure a line. */
const PROGRAMS = {
  "import.js": `
    const start = performance.now();
    await import("@pulumi/pulumi");
    const sdk = performance.now();
    await import("pulumi-carto");
    console.log(sdk - start);
    console.log(performance.now() - sdk);
  `,
  "provider.js": `
    import { createRequire } from "node:module";
    const require = createRequire(import.meta.url);
    require("@pulumi/pulumi/runtime");
    const start = performance.now();
    const spa = require("pulumi-carto/spa").handler();
    await spa.configure({ config: { get: (key) => ({ "carto:accessToken": "unused" })[key] } });
    const { failures } = await spa.check({}, { name: "web", applicationLoginUrl: "https://app.example.com/" });
    if (failures.length) throw new Error(failures[0].reason);
    console.log(performance.now() - start);
  `,
  "emulator.js": `
    const start = performance.now();
    const { startEmulator } = await import("pulumi-carto/emulator");
    const emulator = await startEmulator();
    console.log(performance.now() - start);
    await emulator.close();
  `,
};

/** @param log gets a line for each figure */
export async function measureOffline(log: (line: string) => void): Promise<OfflineFigure[]> {
  const clients = someClients(CLIENTS);
  const changed = clients.map((client) => ({ ...client, applicationLoginUrl: `${client.applicationLoginUrl}login` }));
  const files = { ...PROGRAMS, "index.js": "", "old.yaml": manifest(clients), "new.yaml": manifest(changed) };
  await using workspace = await pulumiWorkspace({ files, main: "index.js" });
  const figures: OfflineFigure[] = [];
  const add = (name: OfflineFigure["name"], title: string, values: number[]) => {
    const ms = summarize(values);
    figures.push({ name, title, ms });
    log(`${title}: ${ms.median.toFixed(0)} ms`);
  };
  const imports = await repeat(() => printed(workspace, "import.js"));
  add("import", "import of `@pulumi/pulumi`, for comparison", column(imports, 0));
  add("import adds", "import of `pulumi-carto` after it", column(imports, 1));
  add("provider start", "provider process until it listens: the SDK's own script", await providerStarts(workspace));
  add(
    "provider adds",
    "our provider in it, loaded, until the first check is done",
    column(await repeat(() => printed(workspace, "provider.js")), 0),
  );
  add("emulator start", "emulator, import and start", column(await repeat(() => printed(workspace, "emulator.js")), 0));
  const whole = (...args: string[]) => repeat(() => wholeProcess(workspace, args));
  add("check", `\`pulumi-carto check\` of ${CLIENTS} clients, whole process`, await whole("check", "new.yaml"));
  add(
    "report --diff",
    `\`pulumi-carto report --diff\` of ${CLIENTS} changed clients, whole process`,
    await whole("report", "--diff", "old.yaml", "new.yaml"),
  );
  return figures;
}

async function repeat<T>(measure: () => Promise<T>): Promise<T[]> {
  const values: T[] = [];
  for (let run = 0; run < RUNS; run++) values.push(await measure());
  return values;
}

function column(rows: number[][], index: number): number[] {
  return rows.map((row) => row[index] ?? Number.NaN);
}

async function printed(workspace: PulumiWorkspace, program: string): Promise<number[]> {
  const { code, stdout, stderr } = await workspace.run(process.execPath, [program]);
  if (code !== 0) throw new Error(`${program} ended with ${code}:\n${stderr}`);
  return stdout.trim().split("\n").map(Number);
}

async function wholeProcess(workspace: PulumiWorkspace, args: string[]): Promise<number> {
  const start = performance.now();
  const { code, stdout, stderr } = await workspace.run(PULUMI_CARTO[0], [...PULUMI_CARTO.slice(1), ...args]);
  if (code !== 0)
    throw new Error(`pulumi-carto ${args.join(" ")} ended with ${code}:\n${stdout.slice(-2000)}${stderr}`);
  return performance.now() - start;
}

/** The engine reads the port from the script's first line; then the process is ended, as the engine does. */
async function providerStarts(workspace: PulumiWorkspace): Promise<number[]> {
  await workspace.write({ "first-line.sh": "pulumi-resource-pulumi-nodejs 127.0.0.1:9 | { read -r _; kill 0; }\n" });
  return repeat(async () => {
    const start = performance.now();
    await workspace.run("sh", [join(workspace.directory, "first-line.sh")]);
    return performance.now() - start;
  });
}
