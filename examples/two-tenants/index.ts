// For each of europe and america:
//   pulumi config set --secret --path credentials.europe.clientId …
//   pulumi config set --secret --path credentials.europe.clientSecret …
// pulumi up
import * as pulumi from "@pulumi/pulumi";
import { CartoProvider, SpaOAuthClient } from "pulumi-carto";

interface Login {
  clientId: string;
  clientSecret: string;
}
interface Urls {
  accountsUrl?: string;
  authUrl?: string;
}

const config = new pulumi.Config();
const urls = config.getObject<Record<string, Urls>>("tenants") ?? {};
const credentials = config.requireSecretObject<Record<string, Login>>("credentials");

const clientIds: Record<string, pulumi.Output<string>> = {};
for (const tenant of ["europe", "america"]) {
  const login = credentials.apply((all) => {
    const own = all[tenant];
    if (own === undefined)
      throw new pulumi.RunError(`credentials.${tenant} is missing: set its clientId and clientSecret`);
    return own;
  });
  const provider = new CartoProvider(tenant, {
    ...urls[tenant],
    clientId: login.clientId,
    clientSecret: login.clientSecret,
  });
  const web = new SpaOAuthClient(
    `web-${tenant}`,
    { name: `Store locator, ${tenant}`, applicationLoginUrl: `https://${tenant}.stores.example.com/` },
    { provider },
  );
  clientIds[tenant] = web.clientId;
}

export { clientIds };
