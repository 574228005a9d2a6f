// pulumi up
// pulumi stack output consumer --json --show-secrets | node consumer.mjs
import { M2mOAuthClient } from "pulumi-carto";

const client = new M2mOAuthClient("nightly-import", { name: "Nightly import" });

// The whole output is secret: pulumi stack output shows it only with --show-secrets. A program with a cloud provider would pass
// client.clientSecret to its secret store here, e.g. new aws.secretsmanager.SecretVersion("carto", { secretString: … }).
export const consumer = { clientId: client.clientId, clientSecret: client.clientSecret };
