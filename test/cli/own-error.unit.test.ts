import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { CartoError } from "../../carto/errors.ts";
import { errorText, ownError } from "../../cli/context/own-error.ts";
import { DeploymentError } from "../../deployment/deployment-error.ts";
import { EngineError } from "../../engine/errors.ts";

test.each([
  new CartoError("forbidden", "CARTO refuses this."),
  new DeploymentError("locked", "the stack is locked"),
  new EngineError(["PATH: none"]),
])("an error of the family prints as its message: %s", (error) => {
  expect(ownError(error)).toBe(error);
  expect(errorText(error)).toBe(error.message);
});

test("a file that cannot be read is the command's own error, with a code of the family", async () => {
  const error = await readFile("no/such/file").catch((reason: unknown) => reason);
  expect(ownError(error)).toMatchObject({ name: "CommandError", code: "system", cause: error });
  expect(errorText(error)).toBe("ENOENT: no such file or directory, open 'no/such/file'");
});

test("anything else is a bug, and its message is not shown", () => {
  const error = new TypeError("Bearer planted-secret");
  expect(ownError(error)).toBeUndefined();
  expect(errorText(error)).toMatch(
    /^this is a bug in pulumi-carto, please report it with these lines:\nTypeError\n {4}at /,
  );
  const missing = Object.assign(new Error("planted-secret"), { code: "MODULE_NOT_FOUND" });
  expect(errorText(missing)).toContain("\nError (MODULE_NOT_FOUND)\n    at ");
  expect(errorText(Object.assign(new Error("planted-secret"), { code: "Bearer A" }))).toContain("\nError\n    at ");
});
