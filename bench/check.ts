/* `node bench/check.ts` measures how long checking 1,000 clients takes. */
import { adviseSpaOAuthClient, checkSpaOAuthClient } from "../kinds/oauth-client/check.ts";

/** How long the rules take for many clients: failures and advice, without an engine. Prints the figure. */
const CLIENTS = 1000;

const clients = Array.from({ length: CLIENTS }, (_, client) => {
  const urls = (path: string) =>
    Array.from({ length: 5 }, (_, i) => `https://${i === 0 ? "*" : `app-${i}`}.customer-${client}.example.com${path}`);
  return {
    name: `Client ${client}`,
    applicationLoginUrl: `https://app-1.customer-${client}.example.com/login`,
    allowedCallbackUrls: urls("/callback"),
    allowedLogoutUrls: urls("/bye"),
    allowedWebOrigins: urls(""),
    allowedOrigins: urls(""),
  };
});

const start = performance.now();
let found = 0;
for (const client of clients) found += checkSpaOAuthClient(client).length + adviseSpaOAuthClient(client).length;
const elapsedMs = performance.now() - start;
console.log(`${CLIENTS} clients with 20 URLs each: ${elapsedMs.toFixed(0)} ms, ${found} failures and findings`);
