import { type CheckedInputs, inputsOf, type LocalSettings } from "../kinds/oauth-client/inputs.ts";
import type { OAuthClient, SpaUrls } from "../kinds/oauth-client/oauth-client.ts";
import { isSuccessor } from "./known-clients.ts";

/** A client's outputs, as the state keeps them. */
export interface ClientState extends Partial<SpaUrls>, LocalSettings {
  name: string;
  clientId: string;
  clientSecret?: string;
  ownerId: string;
  createdAt: string;
  updatedAt: string;
  /** Only once the client has replaced another: see {@link isSuccessor}. */
  __key?: string;
}

/** All URLs of a SPA OAuth client; undefined for an M2M one. */
export function urlsOf(inputs: Partial<SpaUrls>): SpaUrls | undefined {
  const { applicationLoginUrl, allowedCallbackUrls, allowedLogoutUrls, allowedWebOrigins, allowedOrigins } = inputs;
  if (applicationLoginUrl === undefined) return undefined;
  return { applicationLoginUrl, allowedCallbackUrls, allowedLogoutUrls, allowedWebOrigins, allowedOrigins } as SpaUrls;
}

/** The client that a state amounts to. */
export function clientOf({
  name,
  clientId,
  clientSecret,
  ownerId,
  createdAt,
  updatedAt,
  ...state
}: ClientState): OAuthClient {
  const urls = urlsOf(state);
  return {
    kind: urls ? "spa" : "m2m",
    ...{ name, clientId, ownerId, createdAt, updatedAt },
    ...(urls && { urls }),
    ...(clientSecret !== undefined && { clientSecret }),
  };
}

/**
 * What the state keeps of a client.
 *
 * @param before inputs or state, for what CARTO does not keep: the order of lists and the provider's own settings
 */
export function stateOf(client: OAuthClient, before: Partial<CheckedInputs>): ClientState {
  const { clientId, clientSecret, ownerId, createdAt, updatedAt } = client;
  const key = before.__key;
  return {
    ...inputsOf(client, before),
    clientId,
    ...(clientSecret !== undefined && { clientSecret }),
    ...{ ownerId, createdAt, updatedAt },
    ...(key !== undefined && isSuccessor(key) && { __key: key }),
  };
}
