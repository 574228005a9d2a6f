import { parseDocument } from "yaml";
import { resolveConfiguration } from "../carto/configuration.ts";
import { Tenant } from "../carto/tenant.ts";
import type { Identity } from "../emulator/index.ts";
import { changed, type Stage } from "./stage.ts";
import type { DeployedClient } from "./state.ts";
import { accessToken } from "./steps.ts";
import type { Transcript } from "./transcript.ts";

const PAGE = "https://delivery.example.com";
const GRANTED = "carto.demo.points";
const OTHER = "carto.demo.customers";

/** What the demo declares beside the OAuth clients. */
const COMPANIONS = {
  "delivery-points": {
    kind: "api-access-token",
    name: "Delivery points",
    grants: [{ connectionName: "carto_dw", source: GRANTED }],
    allowedApis: ["sql", "maps"],
    referers: [PAGE],
  },
  "delivery-card": {
    kind: "application",
    name: "Delivery map",
    appUrl: `${PAGE}/`,
    sharing: { groups: ["Analysts"] },
  },
};

/** Declares an API Access Token and an application beside the clients. */
export async function declareCompanions(stage: Stage, tell: Transcript): Promise<void> {
  tell.step("A pull request adds an API Access Token and an application");
  const manifest = parseDocument(stage.declared);
  for (const [name, resource] of Object.entries(COMPANIONS)) manifest.setIn(["clients", name], resource);
  await stage.adopt(manifest.toString());
  const created = changed(await stage.up()).filter((change) => change.startsWith("create "));
  tell.holds("pulumi up creates both", created.sort().join() === "create delivery-card,create delivery-points");
  const { id } = await stage.token();
  tell.line(`delivery-points  API Access Token, its ID is a fingerprint: ${id}`);
}

/** Reads with the M2M client's access token and with the declared token. */
export async function readWithToken(stage: Stage, tell: Transcript, clients: readonly DeployedClient[]): Promise<void> {
  tell.step("A server uses the M2M OAuth client, a page the API Access Token");
  const server = await accessToken(stage, clients);
  const { token } = await stage.token();
  const read = async (bearer: string, source: string, page?: string) => {
    const query = new URLSearchParams({ q: `SELECT * FROM ${source}` });
    const answer = await fetch(`${stage.emulator.url}/api/v3/sql/carto_dw/query?${query}`, {
      headers: { authorization: `Bearer ${bearer}`, ...(page !== undefined && { referer: `${page}/` }) },
    });
    return { status: answer.status, text: await answer.text() };
  };
  tell.holds(
    `the server reads ${GRANTED} and ${OTHER}: it has all permissions of the client's owner`,
    [await read(server, GRANTED), await read(server, OTHER)].every(({ status }) => status === 200),
  );
  tell.holds(`a page of ${PAGE} reads ${GRANTED}`, (await read(token, GRANTED, PAGE)).status === 200);
  tell.holds(`and is refused ${OTHER}, which is not granted`, (await read(token, OTHER, PAGE)).status === 403);
  const stranger = await read(token, GRANTED, "https://intruder.example.net");
  tell.line(`https://intruder.example.net: ${stranger.status} ${stranger.text}`);
  tell.holds(
    "a copy of the page on another origin is refused",
    stranger.status === 403 && stranger.text.includes("Unauthorized referer"),
  );
}

/** Looks at the application as users of different groups. */
export async function lookAtWorkspace(stage: Stage, tell: Transcript): Promise<void> {
  tell.step("Users look at the Workspace");
  const [{ application_id: id = "" } = {}] = stage.emulator.applications();
  const isSeenBy = async (identity: Identity) => {
    const tenant = new Tenant(resolveConfiguration(() => undefined, stage.emulator.envFor(identity)));
    try {
      return (await (await tenant.applications()).get(id)) !== undefined;
    } finally {
      await tenant.close();
    }
  };
  tell.holds("an analyst sees the application", await isSeenBy("editor"));
  tell.holds("a member of another group does not", !(await isSeenBy("viewer")));
}
