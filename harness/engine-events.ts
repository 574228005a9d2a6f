import type { EngineEvent, StepEventMetadata } from "@pulumi/pulumi/automation/index.js";
import type { ClientKind } from "../kinds/oauth-client/oauth-client.ts";
import { SECRET_MARK, SPECIAL_KEY } from "../kinds/secret-mark.ts";

type Op = StepEventMetadata["op"];

/** A client as the engine's events have it, in the shape that `pulumi` 3.255 really sends. */
export interface EventClient {
  name: string;
  kind: ClientKind;
  old?: Record<string, unknown>;
  new?: Record<string, unknown>;
  clientId?: string;
  /** More outputs of the old state. */
  outputs?: Record<string, unknown>;
  keys?: string[];
}

/** How the engine writes a secret into its events. */
const SECRET_MARKER = {
  [SPECIAL_KEY]: SECRET_MARK,
  ciphertext: "[secret]",
};

const PROVIDER = 'module.exports=require("pulumi-carto/spa")';

function metadata(op: Op, client: EventClient): StepEventMetadata {
  const type = `pulumi-nodejs:dynamic/carto:${client.kind === "spa" ? "Spa" : "M2m"}OAuthClient`;
  const urn = `urn:pulumi:dev::carto::${type}::${client.name}`;
  const common = {
    type,
    urn,
    custom: true,
    parent: "urn:pulumi:dev::carto::pulumi:pulumi:Stack::carto-dev",
    provider: "",
  };
  const id = client.clientId ?? `id-of-${client.name}`;
  const outputs = { ...client.old, ownerId: "auth0|1", clientSecret: SECRET_MARKER, ...client.outputs };
  const old = client.old && { ...common, id, inputs: { __provider: PROVIDER, ...client.old }, outputs };
  const next = client.new && { ...common, id: "", inputs: { __provider: PROVIDER, ...client.new }, outputs: {} };
  const step = {
    op,
    urn,
    type,
    old: old ?? null,
    new: next ?? null,
    keys: client.keys,
    detailedDiff: null,
    provider: "",
  };
  return step as unknown as StepEventMetadata;
}

let sequence = 0;
const event = (body: Omit<EngineEvent, "sequence" | "timestamp">): EngineEvent => ({
  sequence: sequence++,
  timestamp: 0,
  ...body,
});

/** The events of one client's step in a preview. */
export function announce(op: Op, client: EventClient): EngineEvent[] {
  return [
    event({ resourcePreEvent: { metadata: metadata(op, client), planning: true } }),
    event({ resOutputsEvent: { metadata: metadata(op, client), planning: true } }),
  ];
}

/** The events of one client's step in a refresh: what was found comes with the outputs. */
export function refreshed(op: Op, client: EventClient): EngineEvent[] {
  return [
    event({
      resourcePreEvent: { metadata: metadata("refresh", { ...client, new: client.old ?? {} }), planning: true },
    }),
    event({ resOutputsEvent: { metadata: metadata(op, client), planning: true } }),
  ];
}

/** A replacement is three steps. */
export function announceReplacement(client: EventClient): EngineEvent[] {
  const { new: _, ...deleted } = client;
  return [
    ...announce("create-replacement", client),
    ...announce("replace", client),
    ...announce("delete-replaced", deleted),
  ];
}
