import { watch } from "node:fs";
import { access, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type Engine, EngineError, findEngine, findOrInstallEngine } from "../../engine/index.ts";
import { bareMachine, temporaryDirectory, writeEngine, writeExecutable } from "./fake-engine.ts";

/** Stands for `go build -o FILE … tool`: writes what the module of that name would build. */
const GO = `
case "$(basename "$PWD")" in
  cli) body='echo v3.255.0' ;;
  *) body='exit 0' ;;
esac
printf '%s\\n' "$GOFLAGS $CGO_ENABLED $GOOS" >> "$GO_LOG"
printf '#!/bin/sh\\n%s\\n' "$body" > "$3"
chmod +x "$3"
`;

test("an engine on PATH comes first", async () => {
  await using directory = await temporaryDirectory();
  const machine = bareMachine(directory.path);
  const bin = join(directory.path, "path");
  await writeEngine(bin, "v3.254.0");
  await writeEngine(join(machine.pulumiHome, "versions/3.270.0/bin"), "v3.270.0");
  expect(await findEngine(machine)).toEqual({ bin, pulumi: join(bin, "pulumi"), version: "3.254.0", origin: "path" });
});

test("an engine on PATH that is too old gives way to the newest one in PULUMI_HOME", async () => {
  await using directory = await temporaryDirectory();
  const machine = bareMachine(directory.path);
  await writeEngine(join(directory.path, "path"), "v3.253.9");
  for (const version of ["3.255.0", "3.1000.0", "3.270.0"]) {
    await writeEngine(join(machine.pulumiHome, "versions", version, "bin"), `v${version}`);
  }
  const bin = join(machine.pulumiHome, "versions/3.1000.0/bin");
  expect(await findEngine(machine)).toEqual({ bin, pulumi: join(bin, "pulumi"), version: "3.1000.0", origin: "found" });
});

test("companions on PATH count as well as companions next to the CLI", async () => {
  await using directory = await temporaryDirectory();
  const machine = bareMachine(directory.path);
  await writeEngine(join(machine.pulumiHome, "versions/3.255.0/bin"), "v3.255.0", []);
  expect(await findEngine(machine)).toBeUndefined();
  await writeExecutable(join(directory.path, "path/pulumi-language-nodejs"), "exit 0");
  await writeExecutable(join(directory.path, "path/pulumi-resource-pulumi-nodejs"), "exit 0");
  expect((await findEngine(machine))?.version).toBe("3.255.0");
});

test("a placed engine without the script that starts dynamic providers gets it", async () => {
  await using directory = await temporaryDirectory();
  const machine = bareMachine(directory.path);
  const bin = join(machine.pulumiHome, "versions/3.255.0/bin");
  await writeEngine(bin, "v3.255.0", ["pulumi-language-nodejs"]);
  expect((await findOrInstallEngine({ settings: machine })).origin).toBe("found");
  expect(await readFile(join(bin, "pulumi-resource-pulumi-nodejs"), "utf8")).toContain(
    "@pulumi/pulumi/cmd/dynamic-provider",
  );
});

test("with Go only, the engine is built, by settings of ours, and the second time it is there", async () => {
  await using directory = await temporaryDirectory();
  const machine = bareMachine(directory.path);
  const log = join(directory.path, "go.log");
  machine.variables = { ...machine.variables, GO_LOG: log, GOFLAGS: "-mod=vendor", GOOS: "plan9", CGO_ENABLED: "1" };
  await writeExecutable(join(directory.path, "path/go"), GO);
  const bin = join(machine.pulumiHome, "versions/3.255.0/bin");
  const engine: Engine = { bin, pulumi: join(bin, "pulumi"), version: "3.255.0", origin: "built" };
  const lines: string[] = [];
  expect(await findOrInstallEngine({ settings: machine, log: (line) => lines.push(line) })).toEqual(engine);
  expect(lines).toEqual([
    "Building Pulumi with Go, which takes some minutes. Alternatively, install it from https://www.pulumi.com/docs/install/",
  ]);
  expect((await readdir(bin)).sort()).toEqual(["pulumi", "pulumi-language-nodejs", "pulumi-resource-pulumi-nodejs"]);
  expect(await readFile(log, "utf8")).toBe("-mod=readonly -trimpath -buildvcs=false 0 \n".repeat(2));
  expect(await unfinished(machine.pulumiHome)).toEqual([]);
  await rm(join(directory.path, "path/go"));
  expect(await findOrInstallEngine({ settings: machine })).toEqual({ ...engine, origin: "found" });
});

test("of two that need an engine at once, one builds and the other finds it", async () => {
  await using directory = await temporaryDirectory();
  const machine = bareMachine(directory.path);
  machine.variables = { ...machine.variables, GO_LOG: join(directory.path, "go.log") };
  await writeExecutable(join(directory.path, "path/go"), GO);
  const engines = await Promise.all([1, 2].map(() => findOrInstallEngine({ settings: machine })));
  expect(engines.map(({ origin }) => origin).sort()).toEqual(["built", "found"]);
});

test("what a killed installation left is removed, and never mistaken for an engine", async () => {
  await using directory = await temporaryDirectory();
  const machine = bareMachine(directory.path);
  const left = join(machine.pulumiHome, "versions/.unfinished-x1y2z3");
  await writeEngine(join(left, "built"), "v3.255.0");
  expect(await findEngine(machine)).toBeUndefined();
  await writeEngine(join(machine.pulumiHome, "versions/3.255.0/bin"), "v3.255.0", ["pulumi-language-nodejs"]);
  await findOrInstallEngine({ settings: machine });
  await expect(access(left)).rejects.toThrow("ENOENT");
});

test("when no way works, one error names both with their reasons", async () => {
  await using directory = await temporaryDirectory();
  const machine = bareMachine(directory.path);
  await writeEngine(join(directory.path, "path"), "v3.100.0");
  await writeExecutable(join(directory.path, "path/go"), "echo 'go: go.mod requires go >= 1.25.11' >&2; exit 1");
  const failure = await findOrInstallEngine({ settings: machine }).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(EngineError);
  expect((failure as EngineError).reasons).toEqual([
    `1. An engine on PATH or in ${machine.pulumiHome}/versions: ${directory.path}/path/pulumi is 3.100.0, older than 3.254.0`,
    "2. A build with Go: go: go.mod requires go >= 1.25.11",
  ]);
  expect(await unfinished(machine.pulumiHome)).toEqual([]);
});

test("an engine that builds but does not run is refused, with the reason", async () => {
  await using directory = await temporaryDirectory();
  const machine = bareMachine(directory.path);
  await writeExecutable(join(directory.path, "path/go"), `printf '#!/bin/sh\\necho broken\\n' > "$3"; chmod +x "$3"`);
  const failure = await findOrInstallEngine({ settings: machine }).catch((error: unknown) => error);
  expect((failure as EngineError).reasons[1]).toMatch(
    /^2\. A build with Go: .*\/built\/pulumi does not print its version: broken$/,
  );
  expect(await readdir(join(machine.pulumiHome, "versions"))).not.toContain("3.255.0");
});

test("an interrupt ends the build's processes and removes what is unfinished", async () => {
  await using directory = await temporaryDirectory();
  const machine = bareMachine(directory.path);
  machine.variables = { ...machine.variables, STARTED: join(directory.path, "started") };
  await writeExecutable(join(directory.path, "path/go"), 'mkfifo "$STARTED" && read _ < "$STARTED"');
  const controller = new AbortController();
  const watcher = watch(directory.path, (_, name) => name === "started" && controller.abort());
  const build = findOrInstallEngine({ settings: machine, signal: controller.signal });
  await expect(build)
    .rejects.toThrow("aborted")
    .finally(() => watcher.close());
  expect(await unfinished(machine.pulumiHome)).toEqual([]);
});

async function unfinished(home: string): Promise<string[]> {
  return (await readdir(join(home, "versions"))).filter((name) => name.startsWith(".unfinished-"));
}
