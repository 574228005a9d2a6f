import { expect, test } from "vitest";
import { variablesOf } from "../../cli/context/process-settings.ts";

test("an environment's variables are those with its name behind them", () => {
  const variables = {
    PULUMI_CONFIG_PASSPHRASE: "common",
    PULUMI_CONFIG_PASSPHRASE_EU_WEST: "own",
    CARTO_TENANT_DOMAIN_PROD: "other",
  };
  expect(variablesOf("eu-west", variables)).toEqual({ PULUMI_CONFIG_PASSPHRASE: "own" });
});

test("with one credential of its own, an environment uses none of the common ones", () => {
  const variables = {
    CARTO_API_TOKEN: "common token",
    CARTO_M2M_CLIENT_ID_PROD: "id",
    CARTO_M2M_CLIENT_SECRET_PROD: "secret",
  };
  expect(variablesOf("prod", variables)).toEqual({
    CARTO_API_TOKEN: "",
    CARTO_M2M_CLIENT_ID: "id",
    CARTO_M2M_CLIENT_SECRET: "secret",
  });
  expect(variablesOf("dev", variables)).toEqual({});
});
