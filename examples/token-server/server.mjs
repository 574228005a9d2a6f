// Gives the front end of a public map an API Access Token that can only read one source through the SQL and Maps APIs.
// The client's secret and its OAuth token, which has all permissions of the client's owner, never leave this process.
import { createServer } from "node:http";
import { text } from "node:stream/consumers";

const { clientId, clientSecret } = JSON.parse(await text(process.stdin));
const authority = process.env.CARTO_AUTH_URL ?? "https://auth.carto.com";
const apiBaseUrl = process.env.CARTO_API_BASE_URL ?? "https://gcp-us-east1.api.carto.com";
const LIFETIME_MS = 60 * 60 * 1000;

let oauth = { token: "", renewAt: 0 };

/** CARTO limits how often tokens are minted, so each one is reused until shortly before it expires. */
async function oauthToken() {
  if (Date.now() < oauth.renewAt) return oauth.token;
  const grant = { grant_type: "client_credentials", client_id: clientId, client_secret: clientSecret };
  const body = new URLSearchParams({ ...grant, audience: "carto-cloud-native-api" });
  const { access_token, expires_in } = await answer(await fetch(`${authority}/oauth/token`, { method: "POST", body }));
  oauth = { token: access_token, renewAt: Date.now() + (expires_in - 60) * 1000 };
  return access_token;
}

async function mapToken() {
  const response = await fetch(`${apiBaseUrl}/v3/tokens`, {
    method: "POST",
    headers: { Authorization: `Bearer ${await oauthToken()}`, "Content-Type": "application/json" },
    body: JSON.stringify({
      grants: [{ connection_name: "carto_dw", source: "carto-demo-data.demo_tables.retail_stores" }],
      allowed_apis: ["sql", "maps"],
      expiration_date: new Date(Date.now() + LIFETIME_MS).toISOString(),
    }),
  });
  const { token } = await answer(response);
  return token;
}

async function answer(response) {
  if (response.ok) return response.json();
  throw new Error(`${new URL(response.url).host} answered ${response.status}`);
}

const server = createServer(async (request, response) => {
  if (request.url !== "/map-token") return response.writeHead(404).end();
  try {
    const token = await mapToken();
    response.writeHead(200, { "Content-Type": "application/json", "Cache-Control": "no-store" });
    response.end(JSON.stringify({ token }));
  } catch (error) {
    console.error(`no map token: ${error.message}`);
    response.writeHead(502).end();
  }
});
server.listen(Number(process.env.PORT ?? 8080), "127.0.0.1", () => {
  console.log(`map tokens at http://127.0.0.1:${server.address().port}/map-token`);
});
