// Each tenant has its own management M2M client:
//
//   pulumi config set --path --secret credentials.europe.clientId "$CARTO_M2M_CLIENT_ID"
//   pulumi config set --path --secret credentials.europe.clientSecret "$CARTO_M2M_CLIENT_SECRET"
//   pulumi config set --path --secret credentials.america.clientId "$CARTO_M2M_CLIENT_ID"
//   pulumi config set --path --secret credentials.america.clientSecret "$CARTO_M2M_CLIENT_SECRET"
//
// Set the variables to each tenant's credentials in turn; on emulators, both tenants have the same. To try this on two emulators,
// run `npx pulumi-carto emulator --port 4010` and `--port 4020`, and set the tenants' URLs too (not needed for CARTO itself):
//
//   pulumi config set --path tenants.europe.accountsUrl http://127.0.0.1:4010
//   pulumi config set --path tenants.europe.authUrl http://127.0.0.1:4010
//   pulumi config set --path tenants.america.accountsUrl http://127.0.0.1:4020
//   pulumi config set --path tenants.america.authUrl http://127.0.0.1:4020
//
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
