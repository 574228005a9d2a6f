// The dynamic provider that a tutorial would show: everything inline, fetch, and the SDK serialising the closures.
import { readFileSync } from "node:fs";
import { dynamic } from "@pulumi/pulumi";

const MEMBERS = {
  name: "title",
  applicationLoginUrl: "login_uri",
  allowedCallbackUrls: "callbacks",
  allowedLogoutUrls: "logout_urls",
  allowedWebOrigins: "web_origins",
  allowedOrigins: "allowed_origins",
};

async function call(method, path, body) {
  const response = await fetch(`${process.env.CARTO_CREDENTIALS_URL}/credentials/oauth-clients${path}`, {
    method,
    headers: { authorization: `Bearer ${process.env.CARTO_API_TOKEN}`, "content-type": "application/json" },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  if (response.status === 404) return undefined;
  if (!response.ok) throw new Error(`CARTO answered ${response.status}`);
  return response.status === 204 ? undefined : response.json();
}

function toWire(inputs) {
  return Object.fromEntries(Object.entries(MEMBERS).map(([property, member]) => [member, inputs[property]]));
}

function fromWire(client) {
  const outputs = { clientId: client.client_id, clientSecret: client.client_secret, ownerId: client.owner_id };
  for (const [property, member] of Object.entries(MEMBERS)) outputs[property] = client[member];
  return { ...outputs, createdAt: client.created_at, updatedAt: client.updated_at };
}

const provider = {
  async check(_olds, news) {
    const failures = [];
    if (!news.name) failures.push({ property: "name", reason: "name is required" });
    const { origin } = new URL(news.applicationLoginUrl);
    const inputs = {
      allowedCallbackUrls: [news.applicationLoginUrl],
      allowedLogoutUrls: [news.applicationLoginUrl],
      allowedWebOrigins: [origin],
      allowedOrigins: [origin],
      ...news,
    };
    for (const list of ["allowedCallbackUrls", "allowedLogoutUrls", "allowedWebOrigins", "allowedOrigins"]) {
      for (const [index, url] of inputs[list].entries()) {
        const property = `${list}[${index}]`;
        const host = /^https?:\/\/([^/:?#]+)/.exec(url)?.[1];
        if (!host) failures.push({ property, reason: "the protocol must be http or https" });
        else if (host.split("*").length > 2) failures.push({ property, reason: "at most one wildcard" });
        else if (host.split(".").slice(1).join(".").includes("*") || /\*\.[^.]+$/.test(host)) {
          failures.push({ property, reason: "the wildcard must be in the subdomain furthest from the root domain" });
        }
      }
    }
    return { inputs, failures };
  },
  async diff(_id, olds, news) {
    return { changes: Object.keys(MEMBERS).some((name) => JSON.stringify(olds[name]) !== JSON.stringify(news[name])) };
  },
  async create(inputs) {
    const client = await call("POST", "", { type: "spa", ...toWire(inputs) });
    return { id: client.client_id, outs: fromWire(client) };
  },
  async read(id) {
    const client = await call("GET", `/${id}`);
    return client ? { id, props: fromWire(client) } : {};
  },
  async update(id, _olds, news) {
    return { outs: fromWire(await call("PATCH", `/${id}`, toWire(news))) };
  },
  async delete(id) {
    await call("DELETE", `/${id}`);
  },
};

class NaiveClient extends dynamic.Resource {
  constructor(name, args) {
    const outputs = { clientId: undefined, clientSecret: undefined };
    super(provider, name, { ...outputs, ...args }, { additionalSecretOutputs: ["clientSecret"] });
  }
}

for (const { id, name, applicationLoginUrl } of JSON.parse(readFileSync("clients.json", "utf8"))) {
  new NaiveClient(id, { name, applicationLoginUrl });
}
