import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Api } from "./api.ts";
import { Auth0Api } from "./auth0-api.ts";
import type { Client, Contestant, Operation } from "./contestant.ts";
import { PEER_DIRECTORY } from "./opentofu-build.ts";

/** OpenTofu with Auth0's provider, declaring the same clients at Auth0. It has to be built first. */
export const openTofu: Contestant = {
  name: "peer",
  title: "peer: OpenTofu, Auth0 provider",
  files: async (clients) => ({ "main.tf": configuration(clients), "tofu.tfrc": OVERRIDES }),
  command: (operation) => [join(PEER_DIRECTORY, "tofu"), ...commandLine(operation), "-input=false", "-no-color"],
  startApi,
  weigh: async ({ directory }) => {
    const state: { resources: object[] } = JSON.parse(await readFile(join(directory, "terraform.tfstate"), "utf8"));
    return { bytesPerClient: Buffer.byteLength(JSON.stringify(state.resources)) / state.resources.length };
  },
  rateLimited: true,
  role: (line) => {
    if (line.includes("terraform-provider-auth0")) return "provider";
    return line.startsWith(join(PEER_DIRECTORY, "tofu")) ? "program" : undefined;
  },
};

async function startApi(): Promise<Api> {
  const api = await Auth0Api.start(PEER_DIRECTORY);
  return {
    env: {
      AUTH0_DOMAIN: api.domain,
      AUTH0_API_TOKEN: "token-of-the-benchmark",
      SSL_CERT_FILE: join(PEER_DIRECTORY, "cert.pem"),
      TF_CLI_CONFIG_FILE: "tofu.tfrc",
    },
    behave: (conditions) => api.behave(conditions),
    takeRequests: () => api.takeRequests(),
    [Symbol.asyncDispose]: () => api[Symbol.asyncDispose](),
  };
}

/** Lets OpenTofu take the provider from a directory, without `tofu init` and a registry. */
const OVERRIDES = `provider_installation {
  dev_overrides { "auth0/auth0" = ${JSON.stringify(PEER_DIRECTORY)} }
  direct {}
}
`;

function commandLine(operation: Operation): [name: string, ...flags: string[]] {
  switch (operation) {
    case "preview":
    case "no-op preview":
      return ["plan"];
    case "up":
    case "one-client change":
      return ["apply", "-auto-approve"];
    case "refresh":
    case "rate-limited refresh":
      return ["apply", "-refresh-only", "-auto-approve"];
    case "destroy":
      return ["destroy", "-auto-approve"];
  }
}

function configuration(clients: readonly Client[]): string {
  const resources = clients.map(({ id, name, applicationLoginUrl }) => {
    const url = JSON.stringify(applicationLoginUrl);
    const origin = JSON.stringify(new URL(applicationLoginUrl).origin);
    return `
resource "auth0_client" ${JSON.stringify(id)} {
  name                = ${JSON.stringify(name)}
  app_type            = "spa"
  initiate_login_uri  = ${url}
  callbacks           = [${url}]
  allowed_logout_urls = [${url}]
  web_origins         = [${origin}]
  allowed_origins     = [${origin}]
}
`;
  });
  return `terraform {
  required_providers {
    auth0 = { source = "auth0/auth0" }
  }
}
${resources.join("")}`;
}
