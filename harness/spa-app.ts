import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { listeningPort } from "../emulator/http/listening-port.ts";

const SDK = "node_modules/@auth0/auth0-spa-js/dist/auth0-spa-js.production.esm.js";
const PAGE = `<!doctype html><title>An application</title><h1>An application</h1>
<script type="module">
  import { createAuth0Client } from "/auth0-spa-js.js";
  window.createAuth0Client = createAuth0Client;
</script>`;

/** A running application. */
export interface SpaApp {
  /** Origin of the application under a host name; Chromium resolves every `*.localhost` to loopback. */
  origin(host: string): string;
  /** Origins of that port with a wildcard label are written with it, e.g. `http://*.app.localhost:1234`. */
  port: number;
  close(): Promise<void>;
}

/** A single-page application that has nothing but Auth0's SDK, the same under every host and path. */
export async function serveSpaApp(): Promise<SpaApp> {
  const sdk = readFileSync(SDK);
  const server = createServer((req, res) => {
    const script = req.url === "/auth0-spa-js.js";
    res.setHeader("Content-Type", script ? "text/javascript" : "text/html");
    res.end(script ? sdk : PAGE);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const port = listeningPort(server);
  return {
    origin: (host) => `http://${host}:${port}`,
    port,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}
