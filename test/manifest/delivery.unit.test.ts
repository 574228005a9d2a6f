import { expect, test } from "vitest";
import { readManifest } from "../../manifest/read-manifest.ts";
import { reportBetween } from "../../report/manifest-report.ts";

const withDelivery = (...deliver: string[]) =>
  `version: 1\nclients:\n  web: { kind: m2m, name: Web, deliver: [${deliver.join(", ")}] }\n`;

test.each([
  ["{ to: dotenv, file: ../web.env }", 'file must stay below the manifest\'s folder, for example "secrets/web.env"'],
  ["{ to: dotenv, file: /etc/web.env }", 'file must stay below the manifest\'s folder, for example "secrets/web.env"'],
  ["{ to: json, file: .github/web.json }", "file must not be in a hidden folder"],
  ["{ to: json, file: package.json }", 'file must be a dedicated json file, for example "secrets/web.json"'],
  [
    "{ to: kubernetes, file: clients.yaml, name: web }",
    'file must be a dedicated kubernetes file, for example "secrets/web-secret.yaml"',
  ],
  ["{ to: dotenv, file: run.sh }", 'file must be a dedicated dotenv file, for example "secrets/web.env"'],
  ["{ to: command, run: [] }", "run is empty: give the program and its arguments"],
  ["{ to: github, repository: acme, secret: CARTO }", "repository must be OWNER/NAME"],
  ["{ to: github, repository: acme/app, secret: --body }", "secret must be a name of letters, digits and underscores"],
])("%s is refused: %s", (delivery, reason) => {
  const { failures } = readManifest(withDelivery(delivery));
  expect(failures.map(({ path, reason, rule }) => [path, reason, rule])).toEqual([
    ["clients.web.deliver[0]", reason, "deliver"],
  ]);
});

test("two clients do not write one file", () => {
  const deliver = "deliver: [{ to: json, file: a.json }]";
  const { failures } = readManifest(
    `version: 1\nclients:\n  a: { kind: m2m, name: A, ${deliver} }\n  b: { kind: m2m, name: B, ${deliver} }\n`,
  );
  expect(failures.map(({ path, reason }) => [path, reason])).toEqual([
    ["clients.b.deliver[0]", 'file is written for "a" already: give each its own'],
  ]);
});

test("a delivery that is added or changed is an exposure in a report; one that stays is none", () => {
  const file = (text: string) => ({ file: "clients.yaml", text });
  const [old, kept] = ["{ to: json, file: a.json }", "{ to: dotenv, file: .env }"];
  const report = reportBetween(
    file(withDelivery(old, kept)),
    file(withDelivery("{ to: command, run: [vault, kv, put, secret/web, '-'] }", kept)),
  );
  expect(report.changes.map(({ action, exposures }) => [action, exposures])).toEqual([
    [
      "update",
      [
        {
          rule: "secret-delivered",
          property: "deliver[0]",
          reason: "`up` writes the credentials of this client to the stdin of `vault kv put secret/web -`",
          location: { file: "clients.yaml", line: 3, column: 42 },
        },
      ],
    ],
  ]);
  const same = reportBetween(file(withDelivery(kept)), file(withDelivery(kept)));
  expect(same.changes.flatMap(({ exposures }) => exposures)).toEqual([]);
});
