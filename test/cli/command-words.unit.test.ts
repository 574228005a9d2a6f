import { expect, test } from "vitest";
import { requireCredentials } from "../../carto/configuration.ts";
import { inCommandWords } from "../../cli/context/command-words.ts";
import { KINDS } from "../../kinds/index.ts";
import { whyProtected } from "../../provider/protection.ts";

test.each([
  ["Run `pulumi up --refresh`.", "acme/live", "Run `pulumi-carto up my.yaml --stack acme/live --refresh`."],
  ["After a deletion run `pulumi refresh`.", undefined, "After a deletion run `pulumi-carto refresh`."],
  [
    "Remove it (`pulumi state delete`).",
    "dev",
    "Remove it (`pulumi state delete`). `pulumi-carto stack my.yaml --stack dev` prints how to run `pulumi` there.",
  ],
  ["nothing of `up` or of Pulumi", "dev", "nothing of `up` or of Pulumi"],
])("%s", (message, stack, shown) => {
  expect(inCommandWords(message, stack === undefined ? undefined : { file: "my.yaml", stack })).toBe(shown);
});

test("a protected client names the settings file of the stack, which the command reads, instead of pulumi config", () => {
  const client = { id: "H4Api", name: "API", deletionProtection: true };
  const message = whyProtected(KINDS.m2m, "delete", client, undefined) ?? "";
  expect(message).toContain("`pulumi config set carto:unprotect H4Api`, then `pulumi up`.");
  expect(inCommandWords(message, { file: "clients.yaml", stack: "acme/live" })).toBe(
    'OAuth client H4Api ("API") has deletionProtection: to delete it would stop every user and service of that client ID. ' +
      "To delete it anyway: 1. set deletionProtection: false and run `pulumi-carto up --stack acme/live`; 2. delete it. " +
      "If it was replaced and only waits to be deleted: write `carto:unprotect: H4Api` under `config` in Pulumi.live.yaml, then `pulumi-carto up --stack acme/live`.",
  );
});

test("missing credentials name the variables", () => {
  let message = "";
  try {
    requireCredentials({} as never);
  } catch (error) {
    message = String((error as Error).message);
  }
  expect(inCommandWords(message)).toBe(
    "CARTO credentials are missing. Set CARTO_API_TOKEN to an access token, or CARTO_M2M_CLIENT_ID and CARTO_M2M_CLIENT_SECRET to those of an M2M OAuth client, or log in with the CARTO CLI (`carto auth login`).",
  );
});
