// biome-ignore-all lint/suspicious/noTemplateCurlyInString: manifests have placeholders of their own
import { describe, expect, test } from "vitest";
import { reportBetween } from "../../sdk/report/manifest-report.ts";

const manifest = (clients: string, environments = "") => `version: 1\nclients:\n${clients}${environments}`;
const WEB = "  web:\n    kind: spa\n    name: Web\n    applicationLoginUrl: https://web.example.com/\n";
const API = "  api: { kind: m2m, name: API }\n";

const between = (older: string, newer: string, options = {}) =>
  reportBetween({ file: "old.yaml", text: older }, { file: "clients.yaml", text: newer }, options);

const told = (report: ReturnType<typeof between>) =>
  report.changes.map(({ environment, client, action }) => `${environment} ${client} ${action}`);

describe("two versions of a manifest", () => {
  test("say what is created, changed and deleted, each at its line of the newer one", () => {
    const report = between(
      manifest(WEB + API),
      manifest(`${WEB}    allowedCallbackUrls:\n      - https://*.example.com/cb\n  job: { kind: m2m, name: Job }\n`),
    );
    expect(told(report)).toEqual(["default api delete", "default web update", "default job create"]);
    expect(report.changes[1]?.location).toEqual({ file: "clients.yaml", line: 3, column: 3 });
    expect(report.changes[1]?.findings[0]).toMatchObject({
      rule: "wildcard",
      location: { file: "clients.yaml", line: 8, column: 9 },
    });
  });

  test("an empty older version is no manifest: every client is new", () => {
    expect(told(between("", manifest(API)))).toEqual(["default api create"]);
  });

  test("an empty newer version deletes every client", () => {
    expect(told(between(manifest(API), "\n"))).toEqual(["default api delete"]);
  });

  test("an environment that is left out deletes nothing, and a note says so", () => {
    const report = between(
      manifest(API, "environments:\n  dev: {}\n  prod: {}\n"),
      manifest(API, "environments:\n  prod: {}\n"),
    );
    expect(told(report)).toEqual(["prod api same"]);
    expect(report.notes).toEqual([
      "Environment dev is no longer in the manifest: its 1 client stays at CARTO, unmanaged. Destroy it first to delete them.",
    ]);
  });

  test("a new environment creates its clients", () => {
    const report = between(
      manifest(API, "environments:\n  dev: {}\n"),
      manifest(API, "environments:\n  dev: {}\n  prod: {}\n"),
      { environments: ["prod"] },
    );
    expect(told(report)).toEqual(["prod api create"]);
  });

  test("only the environments asked for need their variables", () => {
    const text = manifest(API, "environments:\n  dev: {}\n  prod: { clients: { api: { name: 'API of ${TEAM}' } } }\n");
    expect(told(between(text, text, { environments: ["dev"] }))).toEqual(["dev api same"]);
    expect(between(text, text).verdict).toBe("invalid");
    expect(told(between(text, text, { variables: { TEAM: "maps" } }))).toEqual(["dev api same", "prod api same"]);
  });

  test("an environment of neither version is a failure", () => {
    expect(between(manifest(API), manifest(API), { environments: ["prod"] }).failures).toEqual([
      {
        property: "environments",
        reason: '"prod" is an environment of neither version: write one that is.',
        rule: "unknown-environment",
        location: { file: "clients.yaml", line: 1, column: 1 },
      },
    ]);
  });

  test("what is refused is not compared, and every failure stands at its line", () => {
    const report = between(manifest(API), manifest("  api: { kind: m2m, nmae: API }\n"));
    expect(report.verdict).toBe("invalid");
    expect(report.changes).toEqual([]);
    expect(
      report.failures.map(({ property, rule, location }) => `${location?.file}:${location?.line} ${property} ${rule}`),
    ).toEqual(["clients.yaml:3 clients.api.name required", "clients.yaml:3 clients.api.nmae unknown-property"]);
  });

  test("an environment's production policy judges and protects its clients", () => {
    const policy = "environments:\n  prod: { policy: production }\n";
    const report = between(manifest(API, policy), manifest(WEB, policy));
    expect(report.changes[0]).toMatchObject({ client: "api", action: "delete", protected: true });
  });
});
