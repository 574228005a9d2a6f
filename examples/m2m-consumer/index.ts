// pulumi up
// pulumi stack output consumer --json --show-secrets | node consumer.mjs
import { M2mOAuthClient } from "pulumi-carto";

const client = new M2mOAuthClient("nightly-import", { name: "Nightly import" });

// A secret as a whole: pulumi stack output shows it with --show-secrets only. A program with a cloud provider would hand
// client.clientSecret to its secret store here, e.g. new aws.secretsmanager.SecretVersion("carto", { secretString: … }).
export const consumer = { clientId: client.clientId, clientSecret: client.clientSecret };
