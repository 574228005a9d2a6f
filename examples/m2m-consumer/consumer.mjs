// Reads its credentials from stdin, never from the command line, and exchanges them for an access token from CARTO.
import { text } from "node:stream/consumers";

const { clientId, clientSecret } = JSON.parse(await text(process.stdin));
const authority = process.env.CARTO_AUTH_URL ?? "https://auth.carto.com";

const response = await fetch(`${authority}/oauth/token`, {
  method: "POST",
  body: new URLSearchParams({
    grant_type: "client_credentials",
    client_id: clientId,
    client_secret: clientSecret,
    audience: "carto-cloud-native-api",
  }),
});
if (!response.ok)
  throw new Error(`${authority} refused the client credentials (${response.status}): run pulumi up again?`);
const { token_type, expires_in } = await response.json();
console.log(`got a ${token_type} token for ${expires_in} seconds`);
