// What a user writes.
import { readFileSync } from "node:fs";
import { SpaOAuthClient } from "pulumi-carto";

for (const { id, name, applicationLoginUrl } of JSON.parse(readFileSync("clients.json", "utf8"))) {
  new SpaOAuthClient(id, { name, applicationLoginUrl });
}
