// biome-ignore-all lint/suspicious/noTemplateCurlyInString: manifests have placeholders of their own
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { CartoError } from "../../carto/errors.ts";
import { errorText } from "../../cli/context/own-error.ts";

const MAIN = fileURLToPath(new URL("../../cli/main.ts", import.meta.url));
let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "pulumi-carto-check-"));
});
afterAll(() => rm(directory, { recursive: true }));

/** Runs the command as a process of its own, in a directory with the files. */
async function pulumiCarto(args: string[], files: Record<string, string>, env: Record<string, string> = {}) {
  for (const [name, text] of Object.entries(files)) await writeFile(join(directory, name), text);
  const { PATH = "" } = process.env;
  const options = { cwd: directory, env: { PATH, ...env } };
  return new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
    const child = execFile(process.execPath, [MAIN, ...args], options, (_, stdout, stderr) =>
      resolve({ code: child.exitCode ?? -1, stdout, stderr }),
    );
  });
}

const GOOD = "version: 1\nvariables: { TEAM: }\nclients:\n  robot: { kind: m2m, name: 'Robot of ${TEAM}' }\n";
const BROKEN = `version: 1
clients:
  robot: { kind: m2m, nmae: Robot }
  web: { kind: spa, name: Web, applicationLoginUrl: ftp://x }
`;

test("a good manifest is said to be good, with its clients by environment", async () => {
  expect(await pulumiCarto(["check"], { "clients.yaml": GOOD }, { TEAM: "maps" })).toEqual({
    code: 0,
    stdout: "clients.yaml: ok (clients: default 1)\n",
    stderr: "",
  });
});

test("a broken manifest ends with exit code 3 and every failure as file, line and column", async () => {
  const { code, stdout } = await pulumiCarto(["check", "broken.yaml"], { "broken.yaml": BROKEN });
  expect(code).toBe(3);
  expect(stdout.split("\n").map((line) => line.split(" ").slice(0, 2).join(" "))).toEqual([
    "broken.yaml:3:3 clients.robot.name:",
    "broken.yaml:3:23 clients.robot.nmae:",
    "broken.yaml:4:53 clients.web.applicationLoginUrl:",
    "broken.yaml: 3",
    "",
  ]);
});

test("one broken file among several does not hide the others, and --json says the same", async () => {
  const files = { "broken.yaml": BROKEN, "good.yaml": GOOD };
  const args = ["check", "--json", "--var", "TEAM=maps", "missing.yaml", "broken.yaml", "good.yaml"];
  const { code, stdout } = await pulumiCarto(args, files);
  const report = JSON.parse(stdout);
  expect([code, report.version, report.command, report.ok]).toEqual([3, 1, "check", false]);
  const counts = report.files.map((file: { file: string; failures: unknown[] }) => [file.file, file.failures.length]);
  expect(counts).toEqual([
    ["missing.yaml", 1],
    ["broken.yaml", 3],
    ["good.yaml", 0],
  ]);
  expect(report.files[0].failures[0]).toEqual({
    file: "missing.yaml",
    line: 1,
    column: 1,
    path: "",
    reason: "the file does not exist",
    rule: "file",
  });
});

test("a mistyped option or command ends with exit code 3 and names the nearest", async () => {
  const option = await pulumiCarto(["check", "--jsn"], {});
  expect([option.code, option.stderr]).toEqual([
    3,
    "error: unknown option '--jsn'\n(Did you mean --json?)\n(see --help)\n",
  ]);
  const command = await pulumiCarto(["chek"], {});
  expect([command.code, command.stderr]).toEqual([
    3,
    "error: unknown command 'chek'\n(Did you mean check?)\n(see --help)\n",
  ]);
});

test("a file that is not there is named without a place in it", async () => {
  const { code, stdout } = await pulumiCarto(["check", "nofile.yaml"], {});
  expect([code, stdout]).toEqual([3, "nofile.yaml: the file does not exist (file)\nnofile.yaml: 1 failure\n"]);
});

test("a directory, and a file that is not text, are one failure each, which says so", async () => {
  await writeFile(join(directory, "page.png"), Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a]));
  await writeFile(join(directory, "utf16.yaml"), Buffer.from("clients: {}\n", "utf16le"));
  const { code, stdout } = await pulumiCarto(["check", ".", "page.png", "utf16.yaml"], {});
  expect([code, stdout.split("\n")]).toEqual([
    3,
    [
      ".: the path is a directory: give a manifest, for example clients.yaml (file)",
      ".: 1 failure",
      "page.png: the file is not UTF-8 text (file)",
      "page.png: 1 failure",
      "utf16.yaml: the file is not UTF-8 text (file)",
      "utf16.yaml: 1 failure",
      "",
    ],
  ]);
});

test("a manifest may begin with a byte order mark", async () => {
  const { code } = await pulumiCarto(["check", "marked.yaml"], { "marked.yaml": `\ufeff${GOOD}` }, { TEAM: "maps" });
  expect(code).toBe(0);
});

test("the version is the package's, and the help lists every exit code", async () => {
  const { version } = JSON.parse(await readFile(new URL("../../package.json", import.meta.url), "utf8"));
  expect(await pulumiCarto(["--version"], {})).toEqual({ code: 0, stdout: `${version}\n`, stderr: "" });
  const { stdout } = await pulumiCarto(["--help"], {});
  expect(stdout.slice(stdout.indexOf("Exit codes:"))).toBe(`Exit codes:
  0  success, with or without changes
  1  failure; what was done before it is recorded
  2  changes are pending (preview --exit-code), or reach report --fail-on
  3  invalid arguments or manifest; nothing was started
  4  an API Access Token expires within 30 days (check --exit-code, doctor --exit-code)
  5  a confirmation was declined; nothing was changed
  130  stopped at once by a second Ctrl-C
`);
});

test("only our own errors are one line: a defect is reported with its location and without its message, which may quote a secret", () => {
  const own = new CartoError("unreachable", "https://carto.example.com cannot be reached.");
  expect(errorText(own)).toBe("https://carto.example.com cannot be reached.");
  const defect = new TypeError("planted-secret\n    at planted-place");
  const [first, second, third, ...more] = errorText(defect).split("\n");
  expect([first, second]).toEqual(["this is a bug in pulumi-carto, please report it with these lines:", "TypeError"]);
  expect(third).toMatch(/^ {4}at .*check\.unit\.test\.ts:\d+:\d+\)?$/);
  expect([...more, third].join("\n")).not.toContain("planted");
  for (const odd of ["planted-secret", undefined, Object.assign(new Error("a"), { message: "planted-secret" })]) {
    expect(errorText(odd)).not.toContain("planted");
  }
});

test("the emulator's variables are those of the identity that is named", async () => {
  const { IDENTITIES, emulatorEnv } = await import("../../emulator/index.ts");
  for (const identity of IDENTITIES) {
    const { code, stdout } = await pulumiCarto(
      ["emulator", "--port", "4123", "--print-env", "--identity", identity],
      {},
    );
    const lines = Object.entries(emulatorEnv(4123, identity)).map(([name, value]) => `export ${name}='${value}'\n`);
    expect([code, stdout]).toEqual([0, lines.join("")]);
  }
  const alone = await pulumiCarto(["emulator", "--port", "0", "--identity", "admin"], {});
  expect([alone.code, alone.stderr]).toEqual([
    3,
    "emulator: --identity chooses whose variables --print-env prints: add --print-env\n",
  ]);
});

test("check loads neither Pulumi nor the engine nor the emulator nor an HTTP client", async () => {
  const probe = `const urls = [];
require("node:module").registerHooks({ load: (url, context, next) => { urls.push(url); return next(url, context); } });
process.on("exit", () => {
  const foreign = urls.filter((url) => /@pulumi|undici|oidc-provider|\\/(engine|emulator|sdk)\\/[^/]*$/.test(url));
  process.stderr.write(JSON.stringify({ check: urls.some((url) => url.endsWith("/cli/commands/check.ts")), foreign }));
});`;
  const env = { TEAM: "maps", NODE_OPTIONS: `--require ${join(directory, "probe.cjs")}` };
  const { stderr } = await pulumiCarto(["check"], { "clients.yaml": GOOD, "probe.cjs": probe }, env);
  expect(JSON.parse(stderr)).toEqual({ check: true, foreign: [] });
});

test("a manifest that sends credentials to a stranger is refused offline, unless the operator trusts the host", async () => {
  const manifest =
    "version: 1\nclients: {}\nenvironments:\n  prod: { tenant: { authUrl: 'https://auth.acme.example' } }\n";
  const files = { "tenant.yaml": manifest, "Pulumi.prod.yaml": "{}" };
  expect(await pulumiCarto(["check", "tenant.yaml"], files)).toEqual({
    code: 3,
    stdout:
      "tenant.yaml:4:30 environments.prod.tenant.authUrl: the host auth.acme.example, which tenant.authUrl of the manifest names, is not trusted with credentials. " +
      "If it is right, trust it outside of the manifest: set CARTO_TRUSTED_HOSTS=auth.acme.example, carto:trustedHosts in the stack configuration, " +
      "or trustedHosts of a CartoProvider. (trusted-host)\ntenant.yaml: 1 failure\n",
    stderr: "",
  });
  const trusted = { ...files, "Pulumi.prod.yaml": "config:\n  carto:trustedHosts: acme.example\n" };
  expect((await pulumiCarto(["check", "tenant.yaml"], trusted)).code).toBe(0);
  const environment = { CARTO_TRUSTED_HOSTS: "acme.example" };
  expect((await pulumiCarto(["check", "tenant.yaml"], files, environment)).code).toBe(0);
});

const TOKEN = (expirationDate: string) => `version: 1
clients:
  map:
    kind: api-access-token
    name: Map
    grants: [{ connectionName: carto_dw, source: carto.demo.points }]
    allowedApis: [sql, maps]
    referers: [https://maps.example.com]
    expirationDate: "${expirationDate}"
`;
const inDays = (days: number) => new Date(Date.now() + days * 86_400_000 + 3_600_000).toISOString();

test("a token that expires within 30 days is advice, and with --exit-code exit code 4", async () => {
  const soon = { "clients.yaml": TOKEN(inDays(12)) };
  const advised = await pulumiCarto(["check"], soon);
  expect(advised.code).toBe(0);
  expect(advised.stdout).toContain(
    "advice: clients.yaml:9:21 clients.map.expirationDate: The token expires in 12 days: write a later expirationDate, which replaces the token. (expires-soon)",
  );
  expect((await pulumiCarto(["check", "--exit-code"], soon)).code).toBe(4);
  expect((await pulumiCarto(["check", "--exit-code"], { "clients.yaml": TOKEN(inDays(40)) })).code).toBe(0);
  expect((await pulumiCarto(["check", "--exit-code"], { "clients.yaml": TOKEN(inDays(-1)) })).code).toBe(3);
});
