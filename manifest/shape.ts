import { z } from "zod";

const NAME_PATTERN = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;
const name = z.string().regex(NAME_PATTERN).meta({ description: "Letters, digits, `.`, `_` and `-`; at most 100" });

const urls = (description: string) =>
  z.array(z.string().meta({ minLength: 1, maxLength: 2048 })).meta({ description, maxItems: 100 });

const excuse = z.strictObject({
  rule: z.string().meta({ description: "Rule id, e.g. wildcard" }),
  url: z.string().meta({ description: "The URL or origin, exactly as declared" }),
  reason: z.string().meta({ description: "Why it is right here; an auditor reads it", minLength: 1 }),
});

const policy = z.enum(["standard", "production"]);

// Lengths and URL rules are the resources' to judge, with their words; meta() tells editors only.
const common = {
  name: z.string().meta({ description: "Shown in CARTO; informative, not unique", minLength: 1, maxLength: 255 }),
  deletionProtection: z.boolean().meta({ description: "While true, delete and replace fail" }),
  rotationTrigger: z
    .string()
    .meta({ description: "Any text; a change replaces the client: new client ID, new secret" }),
  policy: policy.meta({ description: "Unset: the environment's" }),
  allow: z.array(excuse).meta({ description: "Findings excused under the production policy" }),
};

const spa = {
  ...common,
  applicationLoginUrl: z
    .string()
    .meta({ description: "Application Login URL: where end users log in. No wildcard", maxLength: 2048 }),
  allowedCallbackUrls: urls("Allowed Callback URLs. Unset: the login URL; []: none"),
  allowedLogoutUrls: urls("Allowed Logout URLs; the first is the default. Unset: the login URL; []: none"),
  allowedWebOrigins: urls("Allowed Web Origins. Unset: the origin of the login URL; []: none"),
  allowedOrigins: urls("Allowed Origins (CORS). Unset: the origin of the login URL; []: none"),
};

const nullable = <Shape extends z.core.$ZodLooseShape>(shape: Shape) =>
  Object.fromEntries(Object.entries(shape).map(([key, type]) => [key, z.nullable(type as z.ZodType).optional()]));

const client = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("spa"), ...z.strictObject(spa).partial().shape }),
  z.strictObject({ kind: z.literal("m2m"), ...z.strictObject(common).partial().shape }),
]);

const override = z.union([
  z.literal(false).meta({ description: "Leaves the client out of this environment" }),
  z
    .strictObject({
      kind: z.enum(["spa", "m2m"]).optional().meta({ description: "Only for a client that this environment adds" }),
      ...nullable(spa),
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

const environment = z.strictObject({
  stack: z.string().optional().meta({ description: "Stack name. Unset: the name of the environment" }),
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
        spa: z.strictObject(spa).partial().optional(),
        m2m: z.strictObject(common).partial().optional(),
      })
      .optional()
      .meta({ description: "Properties that each client of a kind starts from" }),
    clients: z.record(name, client).meta({ description: "OAuth clients by logical name" }),
    environments: z.record(name, environment).optional(),
  })
  .meta({ title: "CARTO OAuth clients", description: "clients.yaml of pulumi-carto" });

/** Property names of a client, for telling which one was meant. */
export const CLIENT_PROPERTIES: readonly string[] = ["kind", ...Object.keys(spa)];

/** The JSON Schema (draft 7, as YAML editors read it) of `clients.yaml`. */
export function manifestJsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(manifestShape, { target: "draft-7" }) as Record<string, unknown>;
}
