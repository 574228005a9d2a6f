import { expect, test } from "vitest";
import { inPlainWords } from "../../cli/run/engine-words.ts";

const PENDING = `Attempting to deploy or update resources with 2 pending operations from previous deployment.
  * urn:pulumi:prod::pulumi-carto::pulumi-nodejs:dynamic/carto:SpaOAuthClient::web, interrupted while creating
  * urn:pulumi:prod::pulumi-carto::pulumi-nodejs:dynamic/carto:M2mOAuthClient::robot, interrupted while deleting
These resources are in an unknown state because the Pulumi CLI was interrupted while waiting for changes to these resources to complete.`;

test("what only the engine says is marked as its own; what is about one of our resources is not", () => {
  for (const own of [
    'OAuth client 4jpQ ("Web") was not deleted: another resource of the stack has it.',
    'Application 4jpQ ("Web") was not created but adopted.',
    'SpaOAuthClient "web" cannot be declared like this:\n  name is required',
    "robot: not delivered to the json file robot.json: a link leads out of the manifest's folder",
  ]) {
    expect(inPlainWords(own, false)).toBe(own);
  }
  expect(inPlainWords("plugin pulumi-nodejs exited unexpectedly", false)).toBe(
    "Pulumi: plugin pulumi-nodejs exited unexpectedly",
  );
  const dependents = "unable to delete resource urn:pulumi:dev::p::pulumi-nodejs:dynamic/carto:SpaOAuthClient::web";
  expect(inPlainWords(dependents)).toBe(`Pulumi: ${dependents}`);
});

test.each([
  [
    "resource urn:pulumi:dev::p::pulumi-nodejs:dynamic/carto:SpaOAuthClient::web violates plan: properties changed: ~~allowedCallbackUrls[{[{https://a}]}!={[{https://b}]}]",
    "the change is not the one in the plan: preview again and review it",
  ],
  [
    PENDING,
    "an earlier run was interrupted while creating web and deleting robot: `up` takes over what it left at CARTO, and `pulumi refresh` then clears this message",
  ],
  [
    "pulumi-nodejs:dynamic/carto:M2mOAuthClient resource 'kept' has a problem: OAuth client 80ln has deletionProtection.",
    "OAuth client 80ln has deletionProtection.",
  ],
  [
    "1 error occurred:\n\t* Updating OAuth client 80ln: it failed (504).",
    "Updating OAuth client 80ln: it failed (504).",
  ],
  ["Creating it: CARTO refused the request (400).", "Creating it: CARTO refused the request (400)."],
])("%s", (message, plain) => {
  expect(inPlainWords(message)).toBe(plain);
});
