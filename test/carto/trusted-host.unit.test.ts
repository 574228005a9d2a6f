import { expect, test } from "vitest";
import { parseHosts, type Trust, whyUntrusted } from "../../carto/trusted-host.ts";

const NOTHING: Trust = { hosts: [] };
const ask = (url: string, trust: Trust) => whyUntrusted({ url, namedBy: "tenant.authUrl of the manifest" }, trust);

test.each<[string, string, Trust]>([
  ["CARTO's own host", "https://auth.carto.com/oauth/token", NOTHING],
  ["CARTO's domain itself", "https://carto.com", NOTHING],
  ["a host that is named", "https://carto.acme.example/api", { hosts: ["carto.acme.example"] }],
  ["a host below one that is named", "https://carto.acme.example/api", { hosts: ["acme.example"] }],
  ["a named host with port", "https://carto.acme.example:8443", { hosts: ["carto.acme.example:8443"] }],
  ["the tenant's host", "https://carto.acme.co.uk", { hosts: [], tenantDomain: "carto.acme.co.uk" }],
  ["another host of its domain", "https://auth.acme.co.uk", { hosts: [], tenantDomain: "carto.acme.co.uk" }],
  ["a tenant that is an address", "https://10.0.0.7", { hosts: [], tenantDomain: "10.0.0.7:8443" }],
  ["a named loopback", "http://127.0.0.1:4000", { hosts: ["127.0.0.1:4000"] }],
  ["the loopback of a loopback tenant", "http://localhost:1", { hosts: [], tenantDomain: "127.0.0.1:4000" }],
])("%s may receive credentials", (_what, url, trust) => {
  expect(ask(url, trust)).toBeUndefined();
});

test.each<[string, string, Trust]>([
  ["a stranger", "https://evil.example", NOTHING],
  ["a name that ends like CARTO's", "https://evilcarto.com", NOTHING],
  ["a name that begins like CARTO's", "https://auth.carto.com.evil.example", NOTHING],
  ["a user name like CARTO's", "https://auth.carto.com@evil.example", NOTHING],
  ["CARTO's name in full-width letters of another domain", "https://ｃarto.com.evil.example", NOTHING],
  ["a loopback that nobody named", "http://127.0.0.1:4000", NOTHING],
  ["another port of a named loopback", "http://127.0.0.1:5000", { hosts: ["127.0.0.1:4000"] }],
  ["the loopback of a remote tenant", "http://[::1]:4000", { hosts: [], tenantDomain: "acme.example" }],
  ["a neighbour below a public suffix", "https://b.co.uk", { hosts: [], tenantDomain: "a.co.uk" }],
  ["a neighbour at a hosting provider", "https://b.vercel.app", { hosts: [], tenantDomain: "a.vercel.app" }],
  ["a neighbour of an address", "https://10.0.0.8", { hosts: [], tenantDomain: "10.0.0.7" }],
])("%s may not", (_what, url, trust) => {
  expect(ask(url, trust)).toContain("is not trusted with credentials, so nothing was sent.");
});

test("the refusal names the host, who named it, and how to trust it", () => {
  expect(ask("https://evil.example:8443/oauth/token?a=b", NOTHING)).toBe(
    "the host evil.example:8443, which tenant.authUrl of the manifest names, is not trusted with credentials, so nothing was sent. " +
      "If it is right, trust it outside of the manifest: set CARTO_TRUSTED_HOSTS=evil.example:8443, carto:trustedHosts in the stack configuration, or trustedHosts of a CartoProvider.",
  );
});

test("plain http is refused even where the host is trusted, but for loopback", () => {
  expect(ask("http://auth.carto.com", NOTHING)).toBe(
    "the host auth.carto.com, which tenant.authUrl of the manifest names, would receive credentials without encryption, so nothing was sent. Use https.",
  );
});

test.each([
  [
    "acme.example, carto.acme.example:8443  localhost:4000",
    ["acme.example", "carto.acme.example:8443", "localhost:4000"],
  ],
  ["com", undefined],
  ["*.acme.example", undefined],
  ["https://acme.example", undefined],
])("%s as a list of hosts", (text, hosts) => {
  expect(parseHosts(text)).toEqual(hosts);
});
