import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type Emulator, startEmulator } from "../../emulator/index.ts";
import { CartoSession, CLIENTS } from "../../harness/carto-session.ts";
import { PulumiCarto } from "../../harness/pulumi-carto.ts";
import { HAS_TERMINAL, inTerminal, NO_TERMINAL, screenOf, typing } from "../../harness/terminal.ts";

/*
 * Whole sessions in a terminal, as golden files for people to read: test/cli/transcripts/. Written anew by
 * `npx vitest run --project engine test/cli/transcripts.engine.test.ts --update`.
 */

/** A terminal in which the command is used, and what is seen there. */
class Transcript {
  readonly command: PulumiCarto;
  readonly emulator: Emulator;
  #text = "";

  constructor(command: PulumiCarto, emulator: Emulator) {
    this.command = command;
    this.emulator = emulator;
  }

  /** @param steps what is typed once something is seen */
  async run(args: string, ...steps: [awaited: string, typed: string][]): Promise<void> {
    await this.react(args, typing(...steps));
  }

  async react(args: string, react: (written: string) => string | undefined): Promise<void> {
    const { directory: cwd, env } = this.command;
    const { code, text } = await inTerminal(this.command.commandLine(args), { cwd, env }, react);
    const screen = screenOf(text).trimEnd();
    this.#text += `$ pulumi-carto ${args}\n${screen}\n${code === 0 ? "" : `[exit code ${code}]\n`}\n`;
  }

  /** What somebody does elsewhere. */
  note(text: string): void {
    this.#text += `# ${text}\n\n`;
  }

  async write(manifest: string): Promise<void> {
    await this.command.write({ "clients.yaml": manifest });
    this.#text += `$ cat clients.yaml\n${manifest}\n`;
  }

  /** Without what differs from run to run: IDs, ports, times, process IDs and names of the machine. */
  toString(): string {
    const ids: string[] = [];
    const numbered = (id: string) => {
      if (!ids.includes(id)) ids.push(id);
      return `client-id-${ids.indexOf(id) + 1}`.padEnd(id.length, "-");
    };
    return this.#text
      .replaceAll(this.command.directory, "<directory>")
      .replace(/127\.0\.0\.1:\d+/g, "127.0.0.1:<port>")
      .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[\d.]*(Z|[+-]\d\d:\d\d)/g, "<time>")
      .replace(/\S+@\S+ \(pid \d+\)/g, "<user>@<host> (pid <pid>)")
      .replace(/\b(?=\w*\d)(?=\w*[A-Z])\w{32}\b/g, numbered);
  }
}

const session = (name: string, file: string, play: (transcript: Transcript) => Promise<void>) =>
  test.skipIf(!HAS_TERMINAL)(`${name}: transcripts/${file}${NO_TERMINAL}`, async () => {
    await using emulator = await startEmulator();
    await using command = await PulumiCarto.create({ ...emulator.env, TERM: "xterm" });
    const transcript = new Transcript(command, emulator);
    await play(transcript);
    await expect(String(transcript)).toMatchFileSnapshot(`transcripts/${file}`);
  });

const MANIFEST = `version: 1
clients:
  web: { kind: spa, name: Web, applicationLoginUrl: "https://web.example.com/" }
  robot: { kind: m2m, name: Robot }
environments: { dev: {} }
`;

const YES: [string, string] = ["[yes/no] ", "yes\r"];
const NO: [string, string] = ["[yes/no] ", "n\r"];

session("the first day: init, check, preview, up, output", "first-day.txt", async (terminal) => {
  await terminal.run("init");
  await terminal.run("check");
  await terminal.run("preview --env dev");
  await terminal.run("up --env dev", NO);
  await terminal.run("up --env dev", YES);
  await terminal.run("output --env dev");
  await terminal.run("preview --env dev");
});

session("a change in the manifest: preview, up, and a rotation", "change.txt", async (terminal) => {
  await terminal.command.write({ "clients.yaml": MANIFEST });
  await terminal.command.run(["up", "--env", "dev", "--yes"]);
  const changed = MANIFEST.replace("com/", "com/login").replace("name: Robot", "name: Robot, rotationTrigger: july");
  await terminal.write(changed);
  await terminal.run("preview --env dev");
  await terminal.run("up --env dev", YES);
});

session("advice: in check, once with a change, and then its count", "advice.txt", async (terminal) => {
  const list = 'allowedCallbackUrls: ["https://web.example.com/", "https://*.example.com/"]';
  await terminal.write(MANIFEST.replace('com/" }', `com/", ${list} }`));
  await terminal.run("check");
  await terminal.run("up --env dev", YES);
  await terminal.run("preview --env dev");
  await terminal.run("preview --env dev --advice");
});

session("somebody changes a client at CARTO: preview, refresh, up", "drift.txt", async (terminal) => {
  await terminal.command.write({ "clients.yaml": MANIFEST });
  await terminal.command.run(["up", "--env", "dev", "--yes"]);
  const carto = await CartoSession.open(terminal.emulator);
  const web = terminal.emulator.clients().find(({ title }) => title === "Web");
  await carto.call("PATCH", `${CLIENTS}/${web?.client_id}`, { callbacks: ["https://elsewhere.example.org/"] });
  terminal.note("somebody changes the callback URLs of web in CARTO's form");
  await terminal.run("preview --env dev");
  await terminal.run("refresh --env dev");
  await terminal.run("up --env dev", YES);
});

session("a refused manifest: a wildcard and a misspelt key", "refused.txt", async (terminal) => {
  await terminal.write(
    MANIFEST.replace(
      '"https://web.example.com/"',
      '"https://web.example.com/", allowedCallbackUrls: ["https://*.com/"]',
    ),
  );
  await terminal.run("check");
  await terminal.run("up --env dev");
  await terminal.write(MANIFEST.replace("environments", "enviroments"));
  await terminal.run("up --env dev");
});

session("a lock that a killed run left behind: up, cancel, up", "lock.txt", async (terminal) => {
  await terminal.command.write({ "clients.yaml": MANIFEST });
  await terminal.command.run(["up", "--env", "dev", "--yes"]);
  const locks = join(terminal.command.directory, "backend/.pulumi/locks/organization/pulumi-carto/dev");
  await mkdir(locks, { recursive: true });
  const holder = { pid: 4711, username: "ana", hostname: "build-7", timestamp: "2026-07-01T08:00:00Z" };
  await writeFile(join(locks, "left.json"), JSON.stringify(holder));
  terminal.note("a run on another machine was killed");
  await terminal.run("up --env dev --yes");
  await terminal.run("cancel --env dev", NO);
  await terminal.run("cancel --env dev", YES);
  await terminal.run("up --env dev --yes");
});

session("Ctrl-C once, then twice, and what a lock left behind means", "ctrl-c.txt", async (terminal) => {
  const { emulator, command } = terminal;
  await command.write({ "clients.yaml": MANIFEST.replace(/ {2}web.*\n/, "") });
  /** Holds the only create open, and types what is given once it has come, and again once its acknowledgement is seen. */
  const interrupt = async (delayMs: number, times: number) => {
    emulator.faults.clear();
    emulator.faults.add({ call: "createOAuthClient", fault: "delay", delayMs, when: "after", times: 1 });
    let typed = 0;
    await terminal.react("up --env dev --yes", (written) => {
      const ready = typed === 0 ? emulator.faults.list()[0]?.hits === 1 : written.includes("Press Ctrl-C again");
      if (!ready || typed === times) return undefined;
      typed++;
      return "\u0003";
    });
  };
  terminal.note("Ctrl-C while the client is being created");
  await interrupt(3000, 1);
  await terminal.run("destroy --env dev --yes");
  terminal.note("Ctrl-C twice");
  await interrupt(60_000, 2);
  emulator.faults.clear();
  await terminal.run("up --env dev --yes");
  await terminal.run("cancel --env dev", YES);
  await terminal.run("up --env dev --yes");
  await terminal.run("refresh --env dev");
  await terminal.run("preview --env dev");
});

session("destroy: asked, declined, done; a protected client stays", "destroy.txt", async (terminal) => {
  const manifest = MANIFEST.replace('com/" }', 'com/", deletionProtection: true }');
  await terminal.write(manifest);
  await terminal.command.run(["up", "--env", "dev", "--yes"]);
  await terminal.run("destroy --env dev", NO);
  await terminal.run("destroy --env dev", YES);
  await terminal.write(manifest.replace("true", "false"));
  await terminal.run("up --env dev --yes");
  await terminal.run("destroy --env dev", YES);
});
