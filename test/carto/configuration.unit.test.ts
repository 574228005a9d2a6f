import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ownClientId, requireCredentials, resolveConfiguration } from "../../carto/configuration.ts";

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "home-"));
});
afterEach(() => rmSync(home, { recursive: true }));

const resolve = (config: Record<string, string> = {}, environment: Record<string, string> = {}) =>
  resolveConfiguration((setting) => config[setting], { HOME: home, ...environment });
const profile = (content: unknown) =>
  writeFileSync(join(home, ".carto_credentials.json"), typeof content === "string" ? content : JSON.stringify(content));

test("with nothing configured everything has CARTO's default, and credentials are missed with every way to give them", () => {
  const configuration = resolve();
  expect(configuration).toEqual({
    credentials: undefined,
    authUrl: "https://auth.carto.com",
    accountsUrl: "https://accounts.app.carto.com",
    credentialsUrl: undefined,
    apiUrl: undefined,
    tenantDomain: undefined,
    audience: "carto-cloud-native-api",
    policy: "standard",
    retryBudgetSeconds: 120,
    requestsPerSecond: undefined,
    idempotencyKeys: true,
    unprotect: [],
    trustedHosts: [],
    namedBy: {
      authUrl: "the default",
      accountsUrl: "the default",
      credentialsUrl: "the default",
      apiUrl: "the default",
    },
  });
  expect(() => requireCredentials(configuration)).toThrow(
    "CARTO credentials are missing. Give an access token (`pulumi config set --secret carto:accessToken …` or CARTO_API_TOKEN), " +
      "or an M2M OAuth client (`carto:clientId` with the secret `carto:clientSecret`, or CARTO_M2M_CLIENT_ID with " +
      "CARTO_M2M_CLIENT_SECRET), pass either to a CartoProvider, or log in with the CARTO CLI (`carto auth login`).",
  );
});

test("stack configuration comes before the environment, the environment before the CARTO CLI's profile", () => {
  profile({ current_profile: "p", profiles: { p: { token: "of-profile", tenant_domain: "profile.example.com" } } });
  const config = { clientId: "of-config", clientSecret: "s", tenantDomain: "config.example.com" };
  const environment = { CARTO_API_TOKEN: "of-environment", CARTO_TENANT_DOMAIN: "environment.example.com" };
  expect(resolve(config, environment)).toMatchObject({
    credentials: {
      clientId: "of-config",
      clientSecret: "s",
      source: "the provider's arguments or stack configuration",
    },
    tenantDomain: "config.example.com",
  });
  expect(resolve({}, environment)).toMatchObject({
    credentials: { accessToken: "of-environment", source: "the environment" },
    tenantDomain: "environment.example.com",
  });
  expect(resolve()).toMatchObject({
    credentials: { accessToken: "of-profile", source: "the CARTO CLI's profile" },
    tenantDomain: "profile.example.com",
  });
});

test("the profile's tenant goes with the profile's credentials only", () => {
  profile({ current_profile: "p", profiles: { p: { token: "of-profile", tenant_domain: "profile.example.com" } } });
  expect(resolve({}, { CARTO_API_TOKEN: "t" }).tenantDomain).toBeUndefined();
});

test("credentials are taken whole from one source", () => {
  const environment = { CARTO_M2M_CLIENT_ID: "e", CARTO_M2M_CLIENT_SECRET: "e" };
  expect(() => resolve({ clientId: "c" }, environment)).toThrow(
    "CARTO credentials in the provider's arguments or stack configuration are incomplete: carto:clientId is set, carto:clientSecret is not. Set both or neither.",
  );
  expect(() => resolve({}, { CARTO_M2M_CLIENT_SECRET: "e" })).toThrow(
    "CARTO credentials in the environment are incomplete: CARTO_M2M_CLIENT_SECRET is set, CARTO_M2M_CLIENT_ID is not. Set both or neither.",
  );
});

test("spaces and line breaks around a value are dropped, and an empty one is unset", () => {
  expect(resolve({ accessToken: "t\n", tenantDomain: " " }, { CARTO_TENANT_DOMAIN: "e.example.com" })).toMatchObject({
    credentials: { accessToken: "t" },
    tenantDomain: "e.example.com",
  });
});

test("CARTO_PROFILE chooses the profile, and must name one", () => {
  profile({ current_profile: "a", profiles: { a: { token: "of-a" }, b: { token: "of-b" } } });
  expect(resolve({}, { CARTO_PROFILE: "b" }).credentials).toMatchObject({ accessToken: "of-b" });
  expect(() => resolve({}, { CARTO_PROFILE: "c" })).toThrow(
    'The profile "c" that CARTO_PROFILE names is not in ~/.carto_credentials.json. Correct or unset CARTO_PROFILE.',
  );
});

test.each([
  ["null", "null"],
  ["no JSON", "{"],
])("a profile file that holds %s is reported", (_what, text) => {
  profile(text);
  expect(() => resolve()).toThrow(
    "The CARTO CLI's profile file ~/.carto_credentials.json is not JSON. Run `carto auth login` again, or remove it.",
  );
});

test.each<[string, unknown]>([
  ["no profiles", {}],
  ["a current profile that is gone", { current_profile: "p", profiles: {} }],
  ["a profile that is null", { current_profile: "p", profiles: { p: null } }],
  ["a profile without a token", { current_profile: "p", profiles: { p: {} } }],
])("a profile file with %s is as good as none", (_what, content) => {
  profile(content);
  expect(resolve().credentials).toBeUndefined();
});

const URL_WANTED =
  "write an absolute http or https URL without user name, password, query and fragment, such as https://auth.carto.com.";

test.each([
  ["authUrl", "auth.carto.com", `carto:authUrl (or CARTO_AUTH_URL) cannot be used: ${URL_WANTED}`],
  ["accountsUrl", "ftp://x.example", `carto:accountsUrl (or CARTO_ACCOUNTS_URL) cannot be used: ${URL_WANTED}`],
  [
    "credentialsUrl",
    "https://u:p@x.example",
    `carto:credentialsUrl (or CARTO_CREDENTIALS_URL) cannot be used: ${URL_WANTED}`,
  ],
  [
    "credentialsUrl",
    "https://x.example/?a=b",
    `carto:credentialsUrl (or CARTO_CREDENTIALS_URL) cannot be used: ${URL_WANTED}`,
  ],
  [
    "trustedHosts",
    "*.example.com",
    "carto:trustedHosts (or CARTO_TRUSTED_HOSTS) cannot be used: write host names such as carto.example.com, separated by commas.",
  ],
  [
    "trustedHosts",
    "com",
    "carto:trustedHosts (or CARTO_TRUSTED_HOSTS) cannot be used: write host names such as carto.example.com, separated by commas.",
  ],
  ["policy", "0hR4nd0mSecret", 'carto:policy cannot be used: write "standard" or "production".'],
  ["retryBudgetSeconds", "0", "carto:retryBudgetSeconds cannot be used: write a positive number."],
  ["requestsPerSecond", "many", "carto:requestsPerSecond cannot be used: write a positive number."],
  ["idempotencyKeys", "yes, always", 'carto:idempotencyKeys cannot be used: write "true" or "false".'],
])("%s = %s is refused, without quoting it", (setting, value, message) => {
  expect(() => resolve({ [setting]: value })).toThrow(`The setting ${message}`);
});

test.each([
  ["policy", "prodution", 'carto:policy is "prodution": write "standard" or "production".'],
  ["idempotencyKeys", "no", 'carto:idempotencyKeys is "no": write "true" or "false".'],
])("%s = %s is refused, and the word quoted", (setting, value, message) => {
  expect(() => resolve({ [setting]: value })).toThrow(`The setting ${message}`);
});

test("who names a URL outside of the manifest trusts its host; the manifest trusts nothing", () => {
  const environment = {
    CARTO_AUTH_URL: "https://auth.example.com",
    CARTO_TRUSTED_HOSTS: "acme.example, Localhost:4000",
  };
  const urls = { accountsUrl: "http://127.0.0.1:4000", trustedHosts: "other.example" };
  expect(resolve(urls, environment)).toMatchObject({
    trustedHosts: ["other.example", "acme.example", "localhost:4000", "auth.example.com", "127.0.0.1:4000"],
    namedBy: {
      authUrl: "CARTO_AUTH_URL",
      accountsUrl: "carto:accountsUrl",
      credentialsUrl: "the default",
      apiUrl: "the default",
    },
  });
  expect(resolve({ ...urls, tenantFrom: "manifest" }, environment)).toMatchObject({
    trustedHosts: ["other.example", "acme.example", "localhost:4000", "auth.example.com"],
    namedBy: { authUrl: "CARTO_AUTH_URL", accountsUrl: "tenant.accountsUrl of the manifest" },
  });
});

test("slashes at the end of a URL do not count", () => {
  expect(resolve({ credentialsUrl: "https://x.example/workspace-api//" }).credentialsUrl).toBe(
    "https://x.example/workspace-api",
  );
});

test("the own client is the M2M client, or the one that an access token was issued to", () => {
  const jwt = ["e30", Buffer.from('{"azp":"manager"}').toString("base64url"), "sig"].join(".");
  expect(ownClientId(resolve({ clientId: "manager", clientSecret: "s" }))).toBe("manager");
  expect(ownClientId(resolve({ accessToken: jwt }))).toBe("manager");
  expect(ownClientId(resolve({ accessToken: "opaque" }))).toBeUndefined();
  expect(ownClientId(resolve())).toBeUndefined();
});
