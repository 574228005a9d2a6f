import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { findMissingLanguages, findOrInstallEngine, LanguageHostError } from "../../engine/index.ts";
import { bareMachine, temporaryDirectory, writeEngine, writeExecutable } from "./fake-engine.ts";

/** Stands for `go build -o FILE … PACKAGE` and for `go list`, which prints where a module is. */
const GO = `
if [ "$1" = list ]; then echo "$SDK"; exit; fi
printf '#!/bin/sh\\n' > "$3"
chmod +x "$3"
`;

async function machineWithEngine(root: string) {
  const machine = bareMachine(root);
  const bin = join(machine.pulumiHome, "versions/3.255.0/bin");
  await writeEngine(bin, "v3.255.0");
  return { machine, bin };
}

test("language hosts that are missing are built, Python's with its script, and the second time they are there", async () => {
  await using directory = await temporaryDirectory();
  const { machine, bin } = await machineWithEngine(directory.path);
  const sdk = join(directory.path, "sdk");
  await writeExecutable(join(sdk, "python/cmd/pulumi-language-python-exec"), "exit 0");
  await writeExecutable(join(directory.path, "path/go"), GO);
  machine.variables = { ...machine.variables, SDK: sdk };
  const lines: string[] = [];
  const log = (line: string) => lines.push(line);
  const engine = await findOrInstallEngine({ settings: machine, languages: ["yaml", "python"], log });
  expect(lines).toEqual(["Building the language hosts of yaml, python with Go, which takes 1 to 4 minutes"]);
  expect((await readdir(bin)).filter((name) => /yaml|python/.test(name)).sort()).toEqual([
    "pulumi-language-python",
    "pulumi-language-python-exec",
    "pulumi-language-yaml",
  ]);
  expect(findMissingLanguages(engine, ["yaml", "python", "go"], machine)).toEqual(["go"]);
  await rm(join(directory.path, "path/go"));
  await findOrInstallEngine({ settings: machine, languages: ["yaml", "python"], log });
  expect(lines).toHaveLength(1);
});

test("a host that cannot be built is reported with the way out, and nothing is placed", async () => {
  await using directory = await temporaryDirectory();
  const { machine, bin } = await machineWithEngine(directory.path);
  const attempt = findOrInstallEngine({ settings: machine, languages: ["yaml"] });
  await expect(attempt).rejects.toThrow(LanguageHostError);
  await expect(attempt).rejects.toThrow(
    "The engine runs no yaml programs, and the language hosts could not be built: go is not on PATH",
  );
  expect((await readdir(bin)).some((name) => name.includes("yaml"))).toBe(false);
  expect(await readdir(join(machine.pulumiHome, "versions"))).toEqual(expect.not.arrayContaining([/unfinished/]));
});
