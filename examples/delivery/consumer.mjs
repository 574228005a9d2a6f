// Reads its credentials from the file that `up` wrote: node --env-file=secrets/nightly-import.env consumer.mjs
const { NIGHTLY_IMPORT_CLIENT_ID, NIGHTLY_IMPORT_CLIENT_SECRET } = process.env;
const authority = process.env.CARTO_AUTH_URL ?? "https://auth.carto.com";

const response = await fetch(`${authority}/oauth/token`, {
  method: "POST",
  body: new URLSearchParams({
    grant_type: "client_credentials",
    client_id: NIGHTLY_IMPORT_CLIENT_ID,
    client_secret: NIGHTLY_IMPORT_CLIENT_SECRET,
    audience: "carto-cloud-native-api",
  }),
});
if (!response.ok) throw new Error(`${authority} refused the client credentials (${response.status}): run up again?`);
const { token_type, expires_in } = await response.json();
console.log(`got a ${token_type} token for ${expires_in} seconds`);
