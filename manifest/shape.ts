import { z } from "zod";
import { KIND_IDS, type KindId } from "../kinds/index.ts";
import { WITH_APPLICATION } from "./application-block.ts";
import { overrideTypes, propertyTypes } from "./property-type.ts";

const NAME_PATTERN = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;
const name = z.string().regex(NAME_PATTERN).meta({ description: "Letters, digits, `.`, `_` and `-`; at most 100" });

const policy = z.enum(["standard", "production"]);

const [firstKind, ...otherKinds] = KIND_IDS;
const aliases = z
  .array(name)
  .meta({ description: "Earlier logical names: the client keeps its ID and secret when it is renamed" });

const APPLICATION =
  "The application that the client logs in; its `appUrl` is the login URL of a SPA client that has none";
const application = z.strictObject(propertyTypes("application")).optional().meta({ description: APPLICATION });
const file = z.string().meta({ description: "Below the manifest's folder; written with mode 0600" });
const destination = z.discriminatedUnion("to", [
  z.strictObject({ to: z.literal("dotenv"), file }),
  z.strictObject({ to: z.literal("json"), file }),
  z.strictObject({ to: z.literal("kubernetes"), file, name: z.string(), namespace: z.string().optional() }),
  z.strictObject({
    to: z.literal("command"),
    run: z.array(z.string()).meta({ description: "Program and arguments; it gets JSON on stdin" }),
  }),
  z.strictObject({
    to: z.literal("github"),
    repository: z.string().meta({ description: "OWNER/NAME" }),
    secret: z.string().meta({ description: "Name of the GitHub Actions secret" }),
    environment: z.string().optional(),
  }),
]);
const deliver = z.array(destination).meta({ description: "Where `up` writes the credentials" });

const clientOf = (kind: KindId) =>
  z.strictObject({
    kind: z.literal(kind),
    aliases: aliases.optional(),
    deliver: deliver.optional(),
    ...propertyTypes(kind),
    ...(WITH_APPLICATION.has(kind) && { application }),
  });
const client = z.discriminatedUnion("kind", [clientOf(firstKind), ...otherKinds.map(clientOf)]);

const override = z.union([
  z.literal(false).meta({ description: "Leaves the client out of this environment" }),
  z
    .strictObject({
      kind: z.enum(KIND_IDS).optional().meta({ description: "Only for a client that this environment adds" }),
      aliases: z.nullable(aliases).optional(),
      deliver: z.nullable(deliver).optional(),
      ...overrideTypes(),
      application: z
        .nullable(z.strictObject(overrideTypes("application")))
        .optional()
        .meta({ description: "Overrides of the `application` block; null takes it away" }),
    })
    .meta({ description: "Replaces single properties; null takes one away" }),
]);

const tenant = z
  .strictObject({
    accountsUrl: z.string().optional().meta({ description: "Unset: carto:accountsUrl, CARTO_ACCOUNTS_URL or CARTO's" }),
    authUrl: z.string().optional().meta({ description: "Unset: carto:authUrl, CARTO_AUTH_URL or CARTO's" }),
    credentialsUrl: z.string().optional().meta({ description: "Unset: found through the accounts URL" }),
    audience: z.string().optional().meta({ description: "Unset: carto-cloud-native-api" }),
  })
  .meta({ description: "Where CARTO is, for this environment. Credentials come from the environment variables" });

const trustedDomains = z
  .array(z.string().meta({ minLength: 4, maxLength: 253 }))
  .meta({ description: "Hosts under these domains are routine in a report; the production policy refuses all others" });

const environment = z.strictObject({
  stack: z.string().optional().meta({ description: "Stack name. Unset: the name of the environment" }),
  moved: name.optional().meta({
    description: "Previous name of the stack: the next `up` renames it, and the clients keep their IDs and secrets",
  }),
  backend: z
    .string()
    .optional()
    .meta({ description: "Pulumi backend, e.g. s3://bucket. Unset: PULUMI_BACKEND_URL or the one logged in to" }),
  secretsProvider: z.string().optional().meta({
    description:
      "How the stack's secrets are encrypted, e.g. awskms://alias/pulumi. Unset: by passphrase or by Pulumi Cloud",
  }),
  policy: policy.optional().meta({ description: "For every client that sets none" }),
  tenant: tenant.optional(),
  trustedDomains: trustedDomains.optional().meta({ description: "Instead of those of `defaults`" }),
  clients: z
    .record(name, override)
    .optional()
    .meta({ description: "Overrides, additions, and false to leave one out" }),
});

const variable = z
  .strictObject({
    default: z.string().optional().meta({ description: "Value where the environment has none. Unset: required" }),
    description: z.string().optional().meta({ description: "What it is for" }),
  })
  .nullable();

const variables = z
  .record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,99}$/), variable)
  .meta({ description: "The environment variables that values may name; no others are read" });

/** `clients.yaml` as it may be written, before variables are filled in and environments laid over the clients. */
export const manifestShape = z
  .strictObject({
    version: z.literal(1).meta({ description: "Of this format" }),
    project: name.optional().meta({ description: "Pulumi project name. Unset: pulumi-carto" }),
    variables: variables.optional(),
    defaults: z
      .strictObject({
        ...Object.fromEntries(KIND_IDS.map((kind) => [kind, z.strictObject(propertyTypes(kind)).optional()])),
        trustedDomains: trustedDomains.optional(),
      })
      .optional()
      .meta({ description: "What each environment and each client of a kind starts from" }),
    clients: z.record(name, client).meta({ description: "OAuth clients by logical name" }),
    environments: z.record(name, environment).optional(),
  })
  .meta({ title: "CARTO OAuth clients", description: "clients.yaml of pulumi-carto" });

/** The JSON Schema of `clients.yaml` (draft 7, which YAML editors read). */
export function manifestJsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(manifestShape, { target: "draft-7" }) as Record<string, unknown>;
}
