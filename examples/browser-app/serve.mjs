// Serves the app. Any static server works; this one needs no build, and imports nothing of the other examples, so that you can copy the folder.
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const sdk = dirname(createRequire(import.meta.url).resolve("@auth0/auth0-spa-js/package.json"));
const FILES = {
  "/": ["index.html", "text/html"],
  "/app.js": ["app.js", "text/javascript"],
  "/config.json": ["config.json", "application/json"],
  "/auth0-spa-js.js": [join(sdk, "dist/auth0-spa-js.production.esm.js"), "text/javascript"],
};

const server = createServer(async (request, response) => {
  const [file, type] = FILES[new URL(request.url, "http://localhost").pathname] ?? [];
  if (file === undefined) return response.writeHead(404).end();
  response.writeHead(200, { "Content-Type": type }).end(await readFile(file));
});
server.listen(Number(process.env.PORT ?? 5173), "127.0.0.1", () => {
  console.log(`the app is at http://localhost:${server.address().port}`);
});
