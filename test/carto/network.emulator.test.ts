import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer as createHttpServer } from "node:http";
import { createServer } from "node:https";
import { type AddressInfo, connect, type Server } from "node:net";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";

/*
 * What a process takes from its environment: proxies and certificate authorities. The key belongs to a certificate that
 * nobody trusts but these tests.
 */
const file = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const CERTIFICATE = file("private-ca.cert.pem");

const api = createServer(
  { cert: readFileSync(CERTIFICATE), key: readFileSync(file("private-ca.key.pem")) },
  (_request, response) => response.end('{"hello":"world"}'),
);
const tunnels: string[] = [];
let proxyStatus: 200 | 407 = 200;
const proxy = createHttpServer().on("connect", (request, socket) => {
  tunnels.push(request.url ?? "");
  if (proxyStatus === 407) return void socket.end("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n");
  const upstream = connect((api.address() as AddressInfo).port, "127.0.0.1", () => {
    socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
    upstream.pipe(socket).pipe(upstream);
  });
  for (const [end, other] of [
    [socket, upstream],
    [upstream, socket],
  ] as const) {
    end.on("error", () => other.destroy());
  }
});
const listen = (server: Server) => new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
const origin = (scheme: string, server: Server) => `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`;

beforeAll(() => Promise.all([listen(api), listen(proxy)]));
afterAll(() => {
  api.close();
  proxy.close();
});
beforeEach(() => {
  tunnels.length = 0;
  proxyStatus = 200;
});

async function request(environment: Record<string, string>) {
  const env = { PATH: process.env.PATH, ...environment };
  const { stdout } = await promisify(execFile)(process.execPath, [file("network-process.ts"), origin("https", api)], {
    env,
  });
  return JSON.parse(stdout);
}

test("a private certificate authority is trusted by NODE_EXTRA_CA_CERTS, and named where it is missing", async () => {
  expect(await request({ NODE_EXTRA_CA_CERTS: CERTIFICATE })).toEqual({ status: 200, body: { hello: "world" } });
  expect(await request({})).toEqual({
    code: "unreachable",
    message: `Asking: ${origin("https", api)} cannot be trusted (DEPTH_ZERO_SELF_SIGNED_CERT). For a private certificate authority set NODE_EXTRA_CA_CERTS to its certificate.`,
  });
});

test.each([
  ["HTTPS_PROXY", {}, 1],
  ["https_proxy", {}, 1],
  ["HTTPS_PROXY", { NO_PROXY: "127.0.0.1" }, 0],
])("%s with %j leads through %d tunnels", async (variable, more, count) => {
  const environment = { NODE_EXTRA_CA_CERTS: CERTIFICATE, [variable]: origin("http", proxy), ...more };
  expect((await request(environment)).status).toBe(200);
  expect(tunnels).toHaveLength(count);
});

test("a proxy that refuses is reported as not reached", async () => {
  proxyStatus = 407;
  const environment = { NODE_EXTRA_CA_CERTS: CERTIFICATE, HTTPS_PROXY: origin("http", proxy) };
  expect(await request(environment)).toEqual({
    code: "unreachable",
    message: `Asking: ${origin("https", api)} cannot be reached (UND_ERR_ABORTED). Check the URL, the network and the proxy settings.`,
  });
});
