import { clientLife, type Declared } from "./client-life.ts";

const program = ({ callbacks, service, more }: Declared) => `
name: test
runtime: yaml
resources:
  web:
    type: carto:SpaOAuthClient
    properties:
      name: Web
      applicationLoginUrl: https://app.example.com/login
      allowedCallbackUrls: ${JSON.stringify(callbacks)}
  service:
    type: carto:M2mOAuthClient
    properties: ${JSON.stringify({ name: "Service", ...service })}
${Object.entries(more)
  .map(
    ([logicalName, { importId, ...properties }]) => `  ${logicalName}:
    type: carto:M2mOAuthClient
    properties: ${JSON.stringify(properties)}
    options: ${JSON.stringify(importId === undefined ? {} : { import: importId })}`,
  )
  .join("\n")}
outputs:
  webId: \${web.clientId}
  serviceId: \${service.clientId}
  serviceSecret: \${service.clientSecret}
`;

const lookup = (clientId: string) => `name: seen
runtime: yaml
variables:
  web:
    fn::invoke: { function: "carto:getSpaOAuthClient", arguments: { clientId: ${clientId} } }
outputs: { name: "\${web.name}", secret: "\${web.clientSecret}" }
`;

clientLife({
  language: "yaml",
  files: (declared) => ({ "Pulumi.yaml": program(declared) }),
  lookup: (clientId) => ({ "Pulumi.yaml": lookup(clientId) }),
  hidesLookups: true,
  generated: ["type: carto:M2mOAuthClient", "name: Second"],
});
