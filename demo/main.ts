import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createRemoteJWKSet, jwtVerify } from "jose";
import { parseDocument } from "yaml";
import { resolveConfiguration } from "../carto/configuration.ts";
import { Tenant } from "../carto/tenant.ts";
import { startEmulator } from "../emulator/index.ts";
import { findOrInstallEngine } from "../engine/index.ts";
import { Pulumi, type PulumiRun } from "./pulumi.ts";
import { deployedClients } from "./state.ts";
import { Transcript } from "./transcript.ts";

/*
 * `npm run demo`: the main job, told step by step, on an emulated CARTO and a real Pulumi engine. Ends with exit code 0
 * only if every step held. `--keep` leaves emulator and stack for you to play with.
 */

const STACK = "demo";
const AUDIENCE = "carto-cloud-native-api";
const PROJECT = join(import.meta.dirname, "..");
const DIRECTORY = join(PROJECT, ".pulumi-carto", "demo");
/** The manifest as the demo changes it; the project's own stays as it is. */
const MANIFEST = join(DIRECTORY, "clients.yaml");
const keep = process.argv.includes("--keep");

const tell = new Transcript();
const stopping = new AbortController();
let stop = async (): Promise<void> => {};
for (const [signal, code] of [
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const) {
  process.once(signal, async () => {
    stopping.abort(new Error(`stopped by ${signal}`));
    await stop();
    process.exit(code);
  });
}

async function demo(): Promise<void> {
  const engine = await findOrInstallEngine({ log: (line) => tell.line(line), signal: stopping.signal });
  const emulator = await startEmulator();
  const environment: NodeJS.ProcessEnv = {
    ...process.env,
    ...emulator.env,
    PATH: `${engine.bin}:${process.env.PATH}`,
    PULUMI_BACKEND_URL: `file://${join(DIRECTORY, "backend")}`,
    PULUMI_CONFIG_PASSPHRASE: "demo",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DEBUG_COMMANDS: "true", // offers --event-log
  };
  const pulumi = new Pulumi({
    cli: engine.pulumi,
    directory: PROJECT,
    environment,
    eventLog: join(DIRECTORY, "events.jsonl"),
  });
  const tenant = new Tenant(resolveConfiguration(() => undefined, environment));
  let stopped: Promise<void> | undefined;
  stop = () => {
    stopped ??= (async () => {
      await pulumi.interrupt();
      await tenant.close();
      await emulator.close();
      // Without the emulator the stack is of no use.
      await rm(DIRECTORY, { recursive: true, force: true });
      await rm(join(PROJECT, `Pulumi.${STACK}.yaml`), { force: true });
    })();
    return stopped;
  };

  const seen: string[] = [];
  const succeed = <T extends PulumiRun>(run: T): T => {
    seen.push(run.output);
    if (run.code !== 0) throw new Error(`pulumi failed:\n${run.output}`);
    return run;
  };
  const up = async () => succeed(await pulumi.operate("up", "--yes", "--stack", STACK));
  const changed = (operations: { op: string; name: string }[]) =>
    operations.filter(({ op }) => op !== "same").map(({ op, name }) => `${op} ${name}`);
  const state = () => deployedClients(pulumi, STACK);

  try {
    await rm(DIRECTORY, { recursive: true, force: true });
    await mkdir(join(DIRECTORY, "backend"), { recursive: true });
    const declared = await readFile(join(PROJECT, "clients.yaml"), "utf8");
    await writeFile(MANIFEST, declared);
    await rm(join(PROJECT, `Pulumi.${STACK}.yaml`), { force: true });
    succeed(await pulumi.run("stack", "init", STACK));
    succeed(await pulumi.run("config", "set", "manifest", MANIFEST, "--stack", STACK));
    tell.line(`Pulumi ${engine.version}, an emulated CARTO at ${emulator.url}`);

    tell.step("pulumi up: what clients.yaml declares is created");
    const { operations } = await up();
    const clients = await state();
    for (const { name, kind, clientId } of clients) {
      tell.line(`${name.padEnd(16)} ${kind.toUpperCase()}  client ID ${clientId}  client secret ••••••••`);
    }
    const manifest = parseDocument(declared).toJS() as { clients: Record<string, { kind: string }> };
    const logicalNames = Object.keys(manifest.clients);
    tell.holds(
      `${logicalNames.length} clients were created and CARTO has them`,
      logicalNames.length === operations.filter(({ op }) => op === "create").length &&
        (await tenant.api().then((api) => api.list())).filter(({ id }) =>
          clients.some(({ clientId }) => clientId === id),
        ).length === logicalNames.length,
    );

    tell.step("The new M2M OAuth client gets an access token");
    const m2m = clients.find(({ kind }) => kind === "m2m");
    if (!m2m) throw new Error("clients.yaml declares no M2M OAuth client. Declare one.");
    tell.line(
      `curl --request POST ${emulator.url}/oauth/token --header 'content-type: application/x-www-form-urlencoded' \\`,
    );
    tell.line(
      `  --data grant_type=client_credentials --data client_id=${m2m.clientId} --data client_secret=•••••••• --data audience=${AUDIENCE}`,
    );
    const answer = await fetch(`${emulator.url}/oauth/token`, {
      method: "POST",
      body: new URLSearchParams({
        grant_type: "client_credentials",
        client_id: m2m.clientId,
        client_secret: m2m.clientSecret,
        audience: AUDIENCE,
      }),
    });
    const { access_token: token } = (await answer.json()) as { access_token: string };
    const discovery = (await (await fetch(`${emulator.url}/.well-known/openid-configuration`)).json()) as {
      issuer: string;
      jwks_uri: string;
    };
    const { payload } = await jwtVerify(token, createRemoteJWKSet(new URL(discovery.jwks_uri)), {
      issuer: discovery.issuer,
      audience: AUDIENCE,
    });
    tell.line(
      `verified claims: iss ${payload.iss}, aud ${payload.aud}, sub ${payload.sub}, lifetime ${(payload.exp ?? 0) - (payload.iat ?? 0)} s`,
    );
    tell.holds(
      "signature, issuer and audience are right, and it is this client's",
      String(payload.sub).startsWith(m2m.clientId),
    );

    tell.step("pulumi up again");
    tell.holds("nothing changes", changed((await up()).operations).length === 0);

    tell.step("Someone edits a client by hand at CARTO");
    const spa = clients.find(({ kind, urls }) => kind === "spa" && JSON.stringify(urls).includes("*"));
    if (!spa?.urls) throw new Error("clients.yaml declares no SPA OAuth client with a wildcard. Declare one.");
    const api = await tenant.api();
    await api.update(spa.clientId, { allowedCallbackUrls: ["https://intruder.example.net/callback"] });
    tell.line(`${spa.name}: Allowed Callback URLs are now https://intruder.example.net/callback`);
    const refreshed = succeed(await pulumi.operate("refresh", "--yes", "--diff", "--stack", STACK));
    const drift = refreshed.output.match(/"[^"]*" => "https:\/\/intruder[^"]*"/)?.[0];
    tell.line(`allowedCallbackUrls: ${drift}`);
    tell.holds("pulumi refresh shows the drift", drift !== undefined);
    const mended = await up();
    tell.holds(
      "pulumi up puts it right, that client alone",
      changed(mended.operations).join() === `update ${spa.name}`,
    );
    const corrected = await api.get(spa.clientId);
    tell.holds(
      "CARTO has the declared URLs again",
      corrected?.kind === "spa" && corrected.allowedCallbackUrls.join() === spa.urls.allowedCallbackUrls.join(),
    );

    tell.step("A pull request adds a callback URL");
    const edit = parseDocument(declared);
    edit.addIn(["clients", spa.name, "allowedCallbackUrls"], "https://beta.example.com/callback");
    await writeFile(MANIFEST, edit.toString());
    tell.holds("pulumi up updates in place", changed((await up()).operations).join() === `update ${spa.name}`);
    const after = (await state()).find(({ name }) => name === spa.name);
    tell.holds("the client ID is the same", after?.clientId === spa.clientId);
    tell.holds("the client secret is the same", after?.clientSecret === spa.clientSecret);

    tell.step("A pull request adds a wildcard that CARTO would not take");
    edit.addIn(["clients", spa.name, "allowedCallbackUrls"], "https://sub.*.example.com/callback");
    await writeFile(MANIFEST, edit.toString());
    const before = JSON.stringify(await api.list());
    const refused = await pulumi.operate("preview", "--stack", STACK);
    seen.push(refused.output);
    for (const line of refused.output.split("\n").filter((text) => text.includes("sub.*.example.com")))
      tell.line(line.trim());
    tell.holds("pulumi preview fails", refused.code !== 0);
    tell.holds("it names the rule", /wildcard rule 3/.test(refused.output));
    tell.holds("nothing has changed at CARTO", JSON.stringify(await api.list()) === before);
    await writeFile(MANIFEST, declared);

    const secrets = clients.map(({ clientSecret }) => clientSecret);
    const exported = succeed(await pulumi.run("stack", "export", "--stack", STACK));
    seen.push(await readFile(join(DIRECTORY, "events.jsonl"), "utf8"));
    tell.step("Secrets");
    tell.holds(
      "no client secret stands in the output, the event log or the state",
      !secrets.some((secret) => seen.join("").includes(secret)) && exported.output.includes("ciphertext"),
    );

    if (keep) {
      await up();
      await explain(engine.bin, environment, emulator.env);
      await new Promise((resolve) => stopping.signal.addEventListener("abort", resolve));
      return;
    }

    tell.step("pulumi destroy");
    succeed(await pulumi.operate("destroy", "--yes", "--stack", STACK));
    const left = await Promise.all(clients.map(({ clientId }) => api.get(clientId)));
    tell.holds(
      "CARTO is asked: all are gone",
      left.every((client) => client === undefined),
    );
    tell.line("");
    tell.line("Every step held.");
  } finally {
    await stop();
  }
}

async function explain(
  engineBin: string,
  environment: NodeJS.ProcessEnv,
  carto: Record<string, string>,
): Promise<void> {
  const exports = { ...carto, PULUMI_BACKEND_URL: environment.PULUMI_BACKEND_URL, PULUMI_CONFIG_PASSPHRASE: "demo" };
  tell.step("Emulator and stack are yours");
  tell.line("In another terminal, in this folder:");
  tell.line("");
  for (const [name, value] of Object.entries(exports)) tell.line(`  export ${name}='${value}'`);
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
