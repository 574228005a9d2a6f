// What the engine itself costs: resources with the data of an OAuth client, and no provider process.
import { readFileSync } from "node:fs";
import { Stash } from "@pulumi/pulumi";

for (const { id, name, applicationLoginUrl } of JSON.parse(readFileSync("clients.json", "utf8"))) {
  const { origin } = new URL(applicationLoginUrl);
  new Stash(id, {
    input: {
      name,
      applicationLoginUrl,
      allowedCallbackUrls: [applicationLoginUrl],
      allowedLogoutUrls: [applicationLoginUrl],
      allowedWebOrigins: [origin],
      allowedOrigins: [origin],
    },
  });
}
