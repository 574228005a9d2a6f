import { createRemoteJWKSet, jwtVerify } from "jose";
import { parseDocument } from "yaml";
import { changed, STACK, type Stage } from "./stage.ts";
import type { DeployedClient } from "./state.ts";
import type { Transcript } from "./transcript.ts";

const AUDIENCE = "carto-cloud-native-api";

/** The steps of the main job, in their order. Each prints what it does, and fails if a check does not hold. */

export async function create(stage: Stage, tell: Transcript): Promise<DeployedClient[]> {
  tell.step("pulumi up: what clients.yaml declares is created");
  const operations = await stage.up();
  const clients = await stage.clients();
  for (const { name, kind, clientId } of clients) {
    tell.line(`${name.padEnd(16)} ${kind.toUpperCase()}  client ID ${clientId}  client secret ••••••••`);
  }
  const manifest: { clients: Record<string, { kind: string }> } = parseDocument(stage.declared).toJS();
  const { length } = Object.keys(manifest.clients);
  const api = await stage.tenant.api();
  const atCarto = (await api.list()).filter(({ id }) => clients.some(({ clientId }) => clientId === id));
  tell.holds(
    `${length} clients were created and CARTO has them`,
    length === operations.filter(({ op }) => op === "create").length && atCarto.length === length,
  );
  return clients;
}

/** An access token by the credentials of the M2M OAuth client. */
export async function accessToken({ emulator }: Stage, clients: readonly DeployedClient[]): Promise<string> {
  const m2m = clients.find(({ kind }) => kind === "m2m");
  const answer = await fetch(`${emulator.url}/oauth/token`, {
    method: "POST",
    body: new URLSearchParams({
      grant_type: "client_credentials",
      client_id: m2m?.clientId ?? "",
      client_secret: m2m?.clientSecret ?? "",
      audience: AUDIENCE,
    }),
  });
  return ((await answer.json()) as { access_token: string }).access_token;
}

/** Gets and verifies an access token with the new M2M OAuth client. */
export async function useM2m(stage: Stage, tell: Transcript, clients: readonly DeployedClient[]): Promise<void> {
  tell.step("The new M2M OAuth client gets an access token");
  const m2m = clients.find(({ kind }) => kind === "m2m");
  if (!m2m) throw new Error("clients.yaml declares no M2M OAuth client. Declare one.");
  const { url } = stage.emulator;
  tell.line(`curl --request POST ${url}/oauth/token --header 'content-type: application/x-www-form-urlencoded' \\`);
  tell.line(
    `  --data grant_type=client_credentials --data client_id=${m2m.clientId} --data client_secret=•••••••• --data audience=${AUDIENCE}`,
  );
  const token = await accessToken(stage, clients);
  const discovery = (await (await fetch(`${url}/.well-known/openid-configuration`)).json()) as {
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
}

/** Runs `up` again. */
export async function changeNothing(stage: Stage, tell: Transcript): Promise<void> {
  tell.step("pulumi up again");
  tell.holds("nothing changes", changed(await stage.up()).length === 0);
}

/** @returns the client that all further steps are about */
export async function correctDrift(
  stage: Stage,
  tell: Transcript,
  clients: readonly DeployedClient[],
): Promise<DeployedClient> {
  tell.step("Someone edits a client by hand at CARTO");
  const spa = clients.find(({ kind, urls }) => kind === "spa" && JSON.stringify(urls).includes("*"));
  if (!spa?.urls) throw new Error("clients.yaml declares no SPA OAuth client with a wildcard. Declare one.");
  const api = await stage.tenant.api();
  await api.update(spa.clientId, { allowedCallbackUrls: ["https://intruder.example.net/callback"] });
  tell.line(`${spa.name}: Allowed Callback URLs are now https://intruder.example.net/callback`);
  const refreshed = stage.succeed(await stage.pulumi.operate("refresh", "--yes", "--diff", "--stack", STACK));
  const drift = refreshed.output.match(/"[^"]*" => "https:\/\/intruder[^"]*"/)?.[0];
  tell.line(`allowedCallbackUrls: ${drift}`);
  tell.holds("pulumi refresh shows the drift", drift !== undefined);
  tell.holds("pulumi up corrects it, that client alone", changed(await stage.up()).join() === `update ${spa.name}`);
  const corrected = await api.get(spa.clientId);
  tell.holds(
    "CARTO has the declared URLs again",
    corrected?.kind === "spa" && corrected.allowedCallbackUrls.join() === spa.urls.allowedCallbackUrls.join(),
  );
  return spa;
}

/** Changes a declaration. */
export async function update(stage: Stage, tell: Transcript, spa: DeployedClient): Promise<void> {
  tell.step("A pull request adds a callback URL");
  await stage.declare(withCallback(stage.declared, spa, "https://beta.example.com/callback"));
  tell.holds("pulumi up updates in place", changed(await stage.up()).join() === `update ${spa.name}`);
  const after = (await stage.clients()).find(({ name }) => name === spa.name);
  tell.holds("the client ID is the same", after?.clientId === spa.clientId);
  tell.holds("the client secret is the same", after?.clientSecret === spa.clientSecret);
}

/** Declares what a rule refuses. */
export async function declareRefused(stage: Stage, tell: Transcript, spa: DeployedClient): Promise<void> {
  tell.step("A pull request adds a wildcard that CARTO would not take");
  await stage.declare(withCallback(stage.declared, spa, "https://sub.*.example.com/callback"));
  const api = await stage.tenant.api();
  const before = JSON.stringify(await api.list());
  const refused = await stage.pulumi.operate("preview", "--stack", STACK);
  stage.seen.push(refused.output);
  for (const line of refused.output.split("\n").filter((text) => text.includes("sub.*.example.com")))
    tell.line(line.trim());
  tell.holds("pulumi preview fails", refused.code !== 0);
  tell.holds("it names the rule", /wildcard rule 3/.test(refused.output));
  tell.holds("nothing has changed at CARTO", JSON.stringify(await api.list()) === before);
  await stage.declare(stage.declared);
}

/** Searches everything that was printed and stored for client secrets and the token. */
export async function lookForSecrets(
  stage: Stage,
  tell: Transcript,
  clients: readonly DeployedClient[],
): Promise<void> {
  const exported = stage.succeed(await stage.pulumi.run("stack", "export", "--stack", STACK));
  const seen = [...stage.seen, await stage.events(), exported.output].join("");
  const secrets = [...clients.map(({ clientSecret }) => clientSecret), (await stage.token()).token];
  tell.step("Secrets");
  tell.holds(
    "neither a client secret nor the token appears in the output, the event log or the state",
    !secrets.some((secret) => seen.includes(secret)) && exported.output.includes("ciphertext"),
  );
}

/** Deletes the clients, and asks CARTO. */
export async function destroy(stage: Stage, tell: Transcript, clients: readonly DeployedClient[]): Promise<void> {
  tell.step("pulumi destroy");
  stage.succeed(await stage.pulumi.operate("destroy", "--yes", "--stack", STACK));
  const api = await stage.tenant.api();
  const left = await Promise.all(clients.map(({ clientId }) => api.get(clientId)));
  const others = [...stage.emulator.tokens(), ...stage.emulator.applications()];
  tell.holds("CARTO is asked: all are gone", left.every((client) => client === undefined) && others.length === 0);
}

function withCallback(manifest: string, { name }: DeployedClient, url: string): string {
  const edit = parseDocument(manifest);
  edit.addIn(["clients", name, "allowedCallbackUrls"], url);
  return edit.toString();
}
