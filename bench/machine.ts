import { readFile } from "node:fs/promises";
import { cpus, loadavg, release, totalmem, type } from "node:os";
import { findEngine } from "../engine/index.ts";

/** The machine and time of a benchmark run. */
export interface Machine {
  /** RFC 3339 */
  startedAt: string;
  /** e.g. `2 × Intel Xeon, 8 GB, Linux 6.1` */
  hardware: string;
  /** Load average over the minute before the run: the run shares the machine with it. */
  loadBefore: number;
  versions: Record<string, string>;
}

/** This machine, its load and the versions of what is measured. */
export async function describeMachine(): Promise<Machine> {
  const [cpu] = cpus();
  const engine = await findEngine();
  const versions: Record<string, string> = { Node: process.versions.node, "Pulumi engine": engine?.version ?? "none" };
  for (const name of ["@pulumi/pulumi", "pulumi-carto"]) {
    const url = new URL(`../node_modules/${name}/package.json`, import.meta.url);
    const { version }: { version: string } = JSON.parse(await readFile(url, "utf8"));
    versions[name] = version;
  }
  return {
    startedAt: new Date().toISOString(),
    hardware: `${cpus().length} × ${cpu?.model.trim() || process.arch}, ${Math.round(totalmem() / 2 ** 30)} GB, ${type()} ${release().split(".", 2).join(".")}`,
    loadBefore: loadavg()[0] ?? 0,
    versions,
  };
}
