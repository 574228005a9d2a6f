/**
 * The commented manifest that `init` writes: valid as it is.
 *
 * @param directory name of the directory that it is for
 */
export const initialManifest = (
  directory: string,
) => `# yaml-language-server: $schema=./node_modules/pulumi-carto/schema/clients.schema.json
#
# OAuth clients at CARTO, as code. "pulumi-carto check" checks this file offline, "pulumi-carto preview --env dev" shows what
# "up" would change. Every key: node_modules/pulumi-carto/docs/command.md
version: 1

# Pulumi project. Each manifest needs one of its own: two with the same project and environments would share, and delete, their clients.
project: ${projectName(directory)}

# What every client of a kind starts from.
defaults:
  spa:
    # While true, a client can be neither deleted nor replaced: every user of its client ID would be locked out.
    deletionProtection: true

# By logical name: it identifies the client in your stack. CARTO shows \`name\`.
clients:
  web:
    kind: spa # a browser app whose users log in
    name: Web app (\${stack})
    # Unset lists follow the login URL: callback and logout URLs are the URL itself, origins are its origin.
    applicationLoginUrl: https://app.example.com/login

  nightly-import:
    kind: m2m # a service without a user; CARTO offers these from the plan Enterprise Large on
    name: Nightly import (\${stack})

# Each is a separate stack: "pulumi-carto up --env dev".
environments:
  dev:
    clients:
      # Overrides single properties; \`false\` leaves a client out, \`null\` takes a property away.
      web: { applicationLoginUrl: "https://dev.example.com/login", deletionProtection: false }

  prod:
    # Turns dangerous URLs (wildcards, plain http, localhost) into failures.
    policy: production
`;

/** For editors that do not read the first line of the manifest. */
export const EDITOR_SETTINGS = `{
  "yaml.schemas": { "./node_modules/pulumi-carto/schema/clients.schema.json": ["clients.yaml"] }
}
`;

/** As a manifest takes it: letters, digits, and a few signs that do not begin it. */
function projectName(directory: string): string {
  const name = directory
    .replace(/[^\w.-]+/g, "-")
    .replace(/^[^A-Za-z0-9]+/, "")
    .slice(0, 80);
  return JSON.stringify(name === "" ? "oauth-clients" : `${name}-oauth-clients`);
}
