import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const ROOMS = ["error", "kinds", "carto", "change", "manifest", "sdk", "plugin/schema.ts", "plugin/shape-types.ts"];

/** All that adding a property to SPA OAuth clients takes in the source: the type, the row of the table, the member on the wire. */
const EDITS: Readonly<Record<string, [anchor: string, replacement: string][]>> = {
  "kinds/oauth-client/oauth-client.ts": [
    [
      "  allowedCallbackUrls?: string[];",
      "  description?: string;\n  /** See below. */\n  allowedCallbackUrls?: string[];",
    ],
    ["{ applicationLoginUrl: string }", "{ applicationLoginUrl: string; description: string }"],
  ],
  "kinds/oauth-client/properties.ts": [
    [
      "  allowedCallbackUrls: {",
      `  description: {
    label: "Description",
    shape: { of: "text", maxLength: 500 },
    change: "updates",
    unset: "none",
    description: "What the client is for",
    otherNames: ["summary", "purpose"],
    derive: () => "",
  },
  allowedCallbackUrls: {`,
    ],
  ],
  "carto/credentials-wire.ts": [
    ['  allowedCallbackUrls: "callbacks",', '  description: "description",\n  allowedCallbackUrls: "callbacks",'],
    ["  callbacks: Urls,", "  description: z.string().optional(),\n  callbacks: Urls,"],
    [
      "    allowedCallbackUrls: wire.callbacks ?? [],",
      '    description: wire.description ?? "",\n    allowedCallbackUrls: wire.callbacks ?? [],',
    ],
  ],
};

/** Runs in the copy, and prints what became of the property everywhere else. */
const PROBE = `
import { compareClientVersions } from "./change/compare.ts";
import { toModel, toWire } from "./carto/credentials-wire.ts";
import { KINDS } from "./kinds/index.ts";
import { canonicalInputs, differenceAtCarto, inputsOf } from "./kinds/inputs.ts";
import { manifestJsonSchema } from "./manifest/shape.ts";
import { readManifest } from "./manifest/read-manifest.ts";
import { packageSchema } from "./plugin/schema.ts";
import { withInputTable } from "./test/kinds/input-tables.ts";

const { spa } = KINDS;
const told = (failures) => failures.map(({ property, reason }) => property + ": " + reason);
const described = { ...spa.sample, description: "For the field" };
const version = (inputs) => ({ logicalName: "web", kind: "spa", inputs });
const wire = { client_id: "c", type: "spa", title: "Web", owner_id: "o", created_at: "", updated_at: "", ...toWire(described) };
const yaml = "version: 1\\nclients:\\n  web:\\n    kind: spa\\n    name: Web\\n    applicationLoginUrl: https://a.example.com/\\n    description: 7\\n";
const table = withInputTable("<!-- inputs begin: \`npm run docs\` --><!-- inputs end -->", ["spa", "m2m"]);
console.log(JSON.stringify({
  check: [told(spa.check(described)), told(spa.check({ ...described, description: 7 })), told(spa.check({ ...spa.sample, descripton: "x" }))],
  derived: canonicalInputs(spa, spa.sample, "standard").description,
  difference: differenceAtCarto(spa, { ...described, description: "" }, described),
  wire: [wire.description, inputsOf(spa, toModel(wire), {}).description],
  report: compareClientVersions("prod", version(spa.sample), version(described)).values,
  schema: manifestJsonSchema().properties.defaults.properties.spa.properties.description.description,
  plugin: packageSchema({ version: "1.0.0" }).resources["carto:index:SpaOAuthClient"].inputProperties.description,
  manifest: readManifest(yaml).failures.map(({ line, reason }) => line + ": " + reason),
  docs: /.*description.*/.exec(table)[0].replaceAll(/ +/g, " "),
}));
`;

/** Type-checked in the copy: a program sets the property, and reads it back. */
const PROGRAM = `
import type { Output } from "@pulumi/pulumi";
import { SpaOAuthClient } from "./sdk/resources.ts";

const args = { name: "Web", applicationLoginUrl: "https://a.example.com/", description: "For the field" };
export const description: Output<string> = new SpaOAuthClient("web", args).description;
`;

test("a property is added by editing three files; everything else follows from its table", {
  timeout: 240_000,
}, async () => {
  await mkdir(join(ROOT, ".pulumi-carto"), { recursive: true });
  const copy = await mkdtemp(join(ROOT, ".pulumi-carto", "one-property-"));
  try {
    for (const room of [...ROOMS, "house/section.ts", "test/kinds/input-tables.ts", "package.json"]) {
      await cp(join(ROOT, room), join(copy, room), { recursive: true });
    }
    for (const [file, edits] of Object.entries(EDITS)) {
      let text = await readFile(join(copy, file), "utf8");
      for (const [anchor, replacement] of edits) {
        expect(text.split(anchor), `${file}: ${anchor}`).toHaveLength(2);
        text = text.replace(anchor, () => replacement);
      }
      await writeFile(join(copy, file), text);
    }
    expect(Object.keys(EDITS).length).toBeLessThanOrEqual(4);
    await writeFile(join(copy, "probe.ts"), PROBE);
    await writeFile(join(copy, "program.ts"), PROGRAM);
    const run = promisify(execFile);
    const { stdout } = await run(process.execPath, ["probe.ts"], { cwd: copy });
    expect(JSON.parse(stdout)).toEqual({
      check: [
        [],
        ["description: description is 7: write a string."],
        ['descripton: "descripton" is not a property: write "description".'],
      ],
      derived: "",
      difference: { description: "For the field" },
      wire: ["For the field", "For the field"],
      report: [{ label: "Description", added: ["For the field"], removed: [] }],
      plugin: { type: "string", description: "What the client is for. Unset: none." },
      schema: "Description. What the client is for. Unset: none.",
      manifest: ["7: description is 7: write a string."],
      docs: "| `description` (SPA) | What the client is for | none | updates |",
    });
    // The compiler has nothing to add either: no list of properties misses it.
    const config = {
      extends: join(ROOT, "tsconfig.json"),
      compilerOptions: { noEmit: true, skipLibCheck: true, rootDir: ROOT },
      include: [...ROOMS, "program.ts"],
    };
    await writeFile(join(copy, "tsconfig.json"), JSON.stringify(config));
    const checked = await run(process.execPath, [join(ROOT, "node_modules/typescript/bin/tsc"), "-p", copy]).catch(
      (error: { stdout: string }) => error,
    );
    expect(checked.stdout).toBe("");
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
});
