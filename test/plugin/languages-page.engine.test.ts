import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { startEmulator } from "../../emulator/index.ts";
import { exampleFiles } from "../../harness/example.ts";
import { type PulumiResult, pulumiWorkspace } from "../../harness/pulumi-workspace.ts";
import { PYTHON_BIN, pythonIsReady } from "../../harness/python.ts";

/* The programs in docs/languages.md, run one after the other on one stack. */

const PAGE = readFileSync(new URL("../../docs/languages.md", import.meta.url), "utf8");

/** The program of a language in the page. */
function snippet(language: string): string {
  const [, text = ""] = new RegExp(`^\\x60{3}${language}\\n(.*?)^\\x60{3}$`, "ms").exec(PAGE) ?? [];
  return text;
}

test("the programs in YAML, Python and Go are the examples", async () => {
  expect(snippet("yaml")).toBe((await exampleFiles("yaml"))["Pulumi.yaml"]);
  expect(snippet("python")).toBe((await exampleFiles("python"))["__main__.py"]);
  expect(snippet("go")).toBe((await exampleFiles("go"))["main.go"]);
});

function changed({ events }: PulumiResult): string[] {
  const steps = events.flatMap((event) => event.resourcePreEvent?.metadata ?? []);
  return steps
    .filter(({ type, op }) => /^carto:|dynamic\/carto:/.test(type) && op !== "same")
    .map(({ op, urn }) => `${op} ${urn.split("::").at(-1)}`)
    .sort();
}

test("a stack moves from TypeScript through JavaScript and YAML to Python: two clients created, then none at CARTO changed", async () => {
  await using emulator = await startEmulator();
  await using workspace = await pulumiWorkspace({
    files: { "Pulumi.yaml": "name: stores\nruntime: nodejs\nmain: index.ts\n", "index.ts": snippet("ts") },
    env: emulator.env,
    language: "yaml",
    path: [PYTHON_BIN],
    plugin: true,
  });
  expect(changed(await workspace.succeed("up"))).toEqual(["create nightly-import", "create web"]);
  const ids = emulator.clients().map(({ client_id }) => client_id);
  emulator.resetRequests();

  await workspace.write({
    "Pulumi.yaml": "name: stores\nruntime: nodejs\nmain: index.js\n",
    "package.json": '{ "type": "commonjs" }',
    "index.js": snippet("js"),
  });
  expect(changed(await workspace.succeed("up"))).toEqual([]);

  await workspace.write({ "Pulumi.yaml": snippet("yaml").replace("name: yaml", "name: stores") });
  // In the state only, which does not have the client IDs yet as outputs.
  expect(changed(await workspace.succeed("up"))).toEqual(["update nightly-import", "update web"]);
  expect(emulator.requests(), "nothing is sent").toEqual({});

  await workspace.succeed("refresh");
  if (pythonIsReady()) {
    await workspace.write({ "Pulumi.yaml": "name: stores\nruntime: python\n", "__main__.py": snippet("python") });
  }
  // With a refresh before it, this run has outputs that the dynamic provider does not keep in the state.
  expect(changed(await workspace.succeed("up"))).toEqual([]);
  const { webClientId, importClientSecret } = await workspace.outputs();
  expect([ids.includes(String(webClientId)), typeof importClientSecret]).toEqual([true, "string"]);
  expect(
    emulator
      .clients()
      .map(({ client_id }) => client_id)
      .sort(),
  ).toEqual(ids.sort());
  await workspace.succeed("destroy");
  expect(emulator.clients()).toEqual([]);
});
