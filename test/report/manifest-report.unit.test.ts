// biome-ignore-all lint/suspicious/noTemplateCurlyInString: manifests have placeholders of their own
import { describe, expect, test } from "vitest";
import { reportBetween } from "../../report/manifest-report.ts";

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

  test("say who can now see an application, at the line of its sharing", () => {
    const maps = (sharing: string) =>
      manifest(
        `  maps:\n    kind: application\n    name: Maps\n    appUrl: https://m.example.com/\n    sharing: ${sharing}\n`,
      );
    const report = between(maps("{ groups: [Field] }"), maps("organization"));
    expect(report.changes[0]?.exposures).toEqual([
      {
        rule: "application-shared",
        property: "sharing",
        reason:
          "everyone in the organization can now see the application (visibility only: who may log in is not changed)",
        location: { file: "clients.yaml", line: 7, column: 14 },
      },
    ]);
    expect(between(maps("organization"), maps("private")).verdict).toBe("changes");
  });

  test("an empty older version counts as no manifest: every client is new", () => {
    expect(told(between("", manifest(API)))).toEqual(["default api create"]);
  });

  test("an empty newer version deletes every client", () => {
    expect(told(between(manifest(API), "\n"))).toEqual(["default api delete"]);
  });

  test("an environment that is left out deletes nothing, and its clients are left behind: an exposure", () => {
    const report = between(
      manifest(API, "environments:\n  dev: {}\n  prod: {}\n"),
      manifest(API, "environments:\n  prod: {}\n"),
    );
    expect(told(report)).toEqual(["prod api same"]);
    expect(report.verdict).toBe("exposure");
    expect(report.exposures).toEqual([
      {
        environment: "dev",
        rule: "state-moved",
        property: "",
        reason:
          "The environment is no longer in the manifest: its client stays at CARTO, unmanaged. To delete them, run destroy first.",
        location: { file: "clients.yaml", line: 1, column: 1 },
      },
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

  test("the environment is read for what the older version declares: a change cannot choose what a report prints", () => {
    const declaring = (names: string) =>
      `${manifest("  api: { kind: m2m, name: 'API of ${TEAM}' }\n")}variables: { ${names} }\n`;
    const environmentVariables = { TEAM: "maps", BUILD_HOST: "planted-secret-host" };
    const report = between(declaring("TEAM: "), declaring("TEAM: , BUILD_HOST: ").replace("${TEAM}", "${BUILD_HOST}"), {
      environmentVariables,
    });
    expect(report.failures.map(({ reason }) => reason)).toEqual([
      "${BUILD_HOST} has no value: set BUILD_HOST in the environment or with --var BUILD_HOST=…, or write $${ for a literal ${",
    ]);
    expect(report.notes).toEqual([
      "Variable BUILD_HOST is new in clients.yaml: its value is not taken from the environment here, give it with --var or a default.",
    ]);
    expect(told(between(declaring("TEAM: "), declaring("TEAM: , BUILD_HOST: "), { environmentVariables }))).toEqual([
      "default api same",
    ]);
  });

  test("what only a deployment needs may have no value: a fork has no credentials", () => {
    const environments =
      "environments:\n  prod: { backend: 'postgres://carto:${PGPASSWORD}@db.example.com/x', tenant: { audience: '${AUDIENCE}' } }\n";
    const report = between(manifest(API, environments), manifest(API.replace("API", "The API"), environments));
    expect(told(report)).toEqual(["prod api update"]);
    expect({ verdict: report.verdict, notes: report.notes }).toEqual({ verdict: "changes", notes: [] });
  });

  test("a stack or backend that moves is an exposure, old and new shown without their passwords", () => {
    const of = (environment: string) => manifest(API, `environments:\n  prod: { ${environment} }\n`);
    const variables = { PASSWORD: "planted-secret-password-e" };
    const report = between(
      of("backend: 'postgres://carto:${PASSWORD}@a.example.com/x'"),
      of("stack: live, backend: 'postgres://carto:${PASSWORD}@b.example.com/x'"),
      { variables },
    );
    expect(told(report)).toEqual(["prod api same"]);
    expect(report.exposures.map(({ rule, property, reason }) => [rule, property, reason])).toEqual([
      [
        "state-moved",
        "stack",
        'stack changes from "prod" to "live": clients of the old state are left behind at CARTO, unmanaged, unless the state is moved too.',
      ],
      [
        "state-moved",
        "backend",
        'backend changes from "postgres://(credentials)@a.example.com/x" to "postgres://(credentials)@b.example.com/x": clients of the old state are left behind at CARTO, unmanaged, unless the state is moved too.',
      ],
    ]);
    expect(JSON.stringify(report)).not.toContain("planted-secret");
  });

  test("a variable's value is not printed, wherever in a backend a hostile change puts it, and another variable is a change", () => {
    const of = (backend: string) =>
      manifest(API, `variables: { PLACE: null, OTHER: null }\nenvironments:\n  prod: { backend: '${backend}' }\n`);
    const environmentVariables = { PLACE: "planted-secret-password-e", OTHER: "planted-secret-password-e" };
    const options = { environmentVariables };
    const moved = between(of("s3://states"), of("s3://${PLACE}"), options);
    const swapped = between(of("s3://${PLACE}"), of("s3://${OTHER}"), options);
    expect([moved.verdict, swapped.verdict]).toEqual(["exposure", "exposure"]);
    expect(moved.exposures[0]?.reason).toContain('from "s3://states" to "s3://${PLACE}"');
    expect(JSON.stringify([moved, swapped])).not.toContain("planted-secret");
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

  test("a file that is not a manifest is not compared, and every failure is reported at its line", () => {
    const report = between(manifest(API), manifest("  api: { kind: m2m, nmae: API }\n"));
    expect(report.verdict).toBe("invalid");
    expect(report.changes).toEqual([]);
    expect(report.notes).toEqual([]);
    expect(
      report.failures.map(({ property, rule, location }) => `${location?.file}:${location?.line} ${property} ${rule}`),
    ).toEqual(["clients.yaml:3 clients.api.name required", "clients.yaml:3 clients.api.nmae unknown-property"]);
  });

  test("a note says so if only the older version is not a manifest", () => {
    const report = between("clients: [", manifest(API));
    expect(report.verdict).toBe("invalid");
    expect(report.notes).toEqual([
      "Only old.yaml, the older version, is refused: give an empty file in its place to see all that the newer one declares.",
    ]);
  });

  test("a broken rule is reported at its client and property, and hides no other client or environment", () => {
    const policies = "environments:\n  dev: {}\n  prod: { policy: production }\n";
    const wildcard = `${WEB}    allowedCallbackUrls: ["https://*.example.com/cb"]\n`;
    const report = between(
      manifest(WEB + API, policies),
      manifest(`${wildcard}  job: { kind: m2m, name: Job }\n`, policies),
    );
    expect(told(report)).toEqual([
      "dev api delete",
      "dev web update",
      "dev job create",
      "prod api delete",
      "prod web update",
      "prod job create",
    ]);
    expect(report.verdict).toBe("invalid");
    expect(report.failures).toEqual([]);
    expect(
      report.changes.flatMap(({ environment, client, failures }) =>
        failures.map((failure) => ({ environment, client, ...failure })),
      ),
    ).toEqual([
      {
        environment: "prod",
        client: "web",
        property: "allowedCallbackUrls[0]",
        rule: "wildcard",
        reason:
          '"https://*.example.com/cb" has a wildcard, which CARTO advises against in production: list the hosts. The production policy refuses this unless "allow" exempts rule "wildcard" for "https://*.example.com/cb", with a reason.',
        location: { file: "clients.yaml", line: 7, column: 27 },
      },
    ]);
  });

  test("a client that lacks what it needs is compared as far as it goes", () => {
    const report = between(manifest(WEB + API), manifest(`  web: { kind: spa, name: Web }\n${API}`));
    expect(told(report)).toEqual(["default web update", "default api same"]);
    expect(report.changes[0]?.applicationLoginUrl).toEqual({ old: "https://web.example.com/" });
    expect(report.changes[0]?.failures.map(({ property, rule }) => `${property} ${rule}`)).toEqual([
      "applicationLoginUrl required",
    ]);
  });

  test("what the older version breaks is history: compared, counted in a note, and no failure", () => {
    const report = between(
      manifest(`${WEB}    allowedCallbackUrls: ["https://sub.*.example.com/", "https://*.com/"]\n`),
      manifest(WEB),
    );
    expect(told(report)).toEqual(["default web update"]);
    expect(report.verdict).toBe("destructive");
    expect(report.changes[0]?.urls[0]?.removed).toEqual(["https://sub.*.example.com/", "https://*.com/"]);
    expect(report.notes).toEqual([
      "In old.yaml, the older version, 2 rules are broken: that is history: only the newer version is checked.",
    ]);
  });

  test("a client that broke the rule before and still does is unchanged, and refused", () => {
    const text = manifest(`${WEB}    allowedCallbackUrls: ["https://*.com/"]\n`);
    const report = between(text, text);
    expect(told(report)).toEqual(["default web same"]);
    expect(report.verdict).toBe("invalid");
  });

  test("an environment's production policy checks and protects its clients", () => {
    const policy = "environments:\n  prod: { policy: production }\n";
    const report = between(manifest(API, policy), manifest(WEB, policy));
    expect(report.changes[0]).toMatchObject({ client: "api", action: "delete", protected: true });
  });
});
