// Serves the page. Any static server works; this one needs no build.
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";

const FILES = {
  "/": ["index.html", "text/html"],
  "/app.js": ["app.js", "text/javascript"],
  "/config.json": ["config.json", "application/json"],
};

const server = createServer(async (request, response) => {
  const [file, type] = FILES[new URL(request.url, "http://localhost").pathname] ?? [];
  if (file === undefined) return response.writeHead(404).end();
  response.writeHead(200, { "Content-Type": type }).end(await readFile(file));
});
server.listen(Number(process.env.PORT ?? 5174), "127.0.0.1", () => {
  console.log(`the page is at http://localhost:${server.address().port}`);
});
