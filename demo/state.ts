import type { ClientKind, SpaProperties } from "../kinds/oauth-client/oauth-client.ts";
import { URL_LISTS } from "../kinds/url/lists.ts";
import type { Pulumi } from "./pulumi.ts";

/** A client as the stack's state has it. */
export interface DeployedClient {
  /** Logical name. */
  name: string;
  kind: ClientKind;
  clientId: string;
  clientSecret: string;
  /** SPA only. */
  urls?: SpaProperties;
}

interface Resource {
  urn: string;
  type: string;
  id?: string;
  outputs?: Record<string, unknown> & { clientSecret?: { plaintext?: string }; token?: { plaintext?: string } };
}

/** The clients of a stack, with their secrets: never to be printed. */
export async function deployedClients(pulumi: Pulumi, stack: string): Promise<DeployedClient[]> {
  return (await exported(pulumi, stack))
    .filter(({ type }) => type.startsWith("pulumi-nodejs:dynamic/carto:") && type.endsWith("OAuthClient"))
    .map(({ urn, type, id = "", outputs = {} }) => {
      const isSpa = type.endsWith(":SpaOAuthClient");
      const urls = Object.fromEntries(["applicationLoginUrl", ...URL_LISTS].map((name) => [name, outputs[name]]));
      return {
        name: urn.split("::").at(-1) ?? "",
        kind: isSpa ? "spa" : "m2m",
        clientId: id,
        clientSecret: JSON.parse(outputs.clientSecret?.plaintext ?? '""'),
        ...(isSpa && { urls: urls as unknown as SpaProperties }),
      };
    });
}

/** The API Access Token of a stack, with its value: never to be printed. */
export async function deployedToken(pulumi: Pulumi, stack: string): Promise<{ id: string; token: string }> {
  const found = (await exported(pulumi, stack)).find(({ type }) => type.endsWith(":ApiAccessToken"));
  if (found === undefined) throw new Error("The stack has no API Access Token.");
  return { id: found.id ?? "", token: JSON.parse(found.outputs?.token?.plaintext ?? '""') };
}

async function exported(pulumi: Pulumi, stack: string): Promise<Resource[]> {
  const { code, output } = await pulumi.run("stack", "export", "--show-secrets", "--stack", stack);
  if (code !== 0) throw new Error("pulumi stack export failed.");
  const state: { deployment: { resources: Resource[] } } = JSON.parse(output);
  return state.deployment.resources;
}
