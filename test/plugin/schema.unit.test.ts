import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { SETTING_TABLE, SETTINGS } from "../../carto/settings.ts";
import { KIND_IDS, KINDS } from "../../kinds/index.ts";
import type { Kind } from "../../kinds/kind.ts";
import { packageSchema } from "../../plugin/schema.ts";

interface Spec {
  type?: string;
  secret?: boolean;
  description?: string;
  oneOf?: object[];
  items?: object;
}
interface ResourceSpec {
  inputProperties: Record<string, Spec>;
  requiredInputs: string[];
  properties: Record<string, Spec>;
  required: string[];
  aliases: { type: string }[];
}
interface Schema {
  pluginDownloadURL?: string;
  config: { variables: Record<string, Spec> };
  language: { nodejs: { packageName: string } };
  provider: { inputProperties: Record<string, Spec> };
  types: Record<string, { required: string[] }>;
  resources: Record<string, ResourceSpec>;
  functions: Record<string, { inputs: { required: string[] }; outputs: { properties: Record<string, Spec> } }>;
}

const schema = packageSchema({ version: "1.2.3" }) as Schema;
const kinds: Kind[] = KIND_IDS.map((id) => KINDS[id]);
const resource = (className: string) => schema.resources[`carto:index:${className}`] as ResourceSpec;

test("every kind is a resource with the inputs and outputs of its table, a function looks it up, and the dynamic type is its alias", () => {
  for (const { className, properties, outputs } of kinds) {
    const { inputProperties, properties: all, aliases } = resource(className);
    expect(Object.keys(inputProperties)).toEqual(Object.keys(properties));
    expect(Object.keys(all)).toEqual([...Object.keys(properties), ...Object.keys(outputs)]);
    expect(aliases).toEqual([{ type: `pulumi-nodejs:dynamic/carto:${className}` }]);
    const lookup = schema.functions[`carto:index:get${className}`];
    expect(Object.keys(lookup?.outputs.properties ?? {})).toEqual(expect.arrayContaining(Object.keys(all)));
  }
  expect(schema.functions["carto:index:getSpaOAuthClient"]?.inputs.required).toEqual(["clientId"]);
  expect(schema.functions["carto:index:getApiAccessToken"]?.inputs.required).toEqual(["id"]);
});

test("TypeScript that Pulumi generates imports this package", () => {
  expect(schema.language.nodejs.packageName).toBe("pulumi-carto");
});

test("what is required or secret is marked, what replaces is said: the provider decides, as a trigger that is taken away replaces nothing", () => {
  const spa = resource("SpaOAuthClient");
  expect(spa.requiredInputs).toEqual(["name", "applicationLoginUrl"]);
  expect(spa.required).toContain("allowedCallbackUrls");
  expect(spa.required).not.toContain("deletionProtection");
  expect(spa.properties.clientSecret?.secret).toBe(true);
  expect(spa.inputProperties.rotationTrigger?.description).toContain("A change replaces the resource.");
  expect(spa.inputProperties.allowedLogoutUrls).toEqual({
    type: "array",
    items: { type: "string" },
    description:
      "Where CARTO may send the user after logout; the first is the default. `[]`: nowhere. Unset: the login URL.",
  });
  expect(resource("ApiAccessToken").properties.token?.secret).toBe(true);
  expect(resource("Application").inputProperties.sharing?.oneOf).toHaveLength(2);
  expect(schema.types["carto:index:ApiAccessTokenGrants"]?.required).toEqual(["connectionName", "source"]);
});

test("the settings of the README are the provider's inputs and the package's configuration, secrets marked", () => {
  const { inputProperties } = schema.provider;
  expect(schema.config.variables).toEqual(inputProperties);
  expect(Object.keys(inputProperties)).toEqual(SETTINGS);
  const secrets = SETTINGS.filter((name) => inputProperties[name]?.secret);
  expect(secrets).toEqual(SETTINGS.filter((name) => SETTING_TABLE[name]?.secret));
  expect(secrets).toEqual(["accessToken", "clientSecret"]);
  const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");
  expect(SETTINGS.filter((name) => !readme.includes(`\`${name}\``))).toEqual([]);
});

test("a package without a repository names no place to download the plugin from, one at GitHub names its releases", () => {
  expect(schema.pluginDownloadURL).toBeUndefined();
  const released = packageSchema({ version: "1.2.3", repository: { url: "git+https://github.com/owner/name.git" } });
  expect(released).toMatchObject({ version: "1.2.3", pluginDownloadURL: "github://api.github.com/owner/name" });
});
