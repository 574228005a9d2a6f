import { expect, test } from "vitest";
import { KINDS } from "../../kinds/index.ts";
import { whyProtected } from "../../provider/protection.ts";

const client = { id: "id-1", name: "Web" };

test("an unprotected client may be deleted and replaced", () => {
  expect(whyProtected(KINDS.m2m, "delete", client, "other")).toBeUndefined();
  expect(whyProtected(KINDS.m2m, "replace", { ...client, deletionProtection: false }, undefined)).toBeUndefined();
});

test.each(["delete", "replace"] as const)(
  "to %s a protected client is refused with the two steps that lift it",
  (action) => {
    expect(whyProtected(KINDS.m2m, action, { ...client, deletionProtection: true }, undefined)).toBe(
      `OAuth client id-1 ("Web") has deletionProtection: to ${action} it would stop every user and service of that client ID. ` +
        `To ${action} it anyway: 1. set deletionProtection: false and run \`pulumi up\`; 2. ${action} it.` +
        (action === "delete"
          ? " If it was replaced and only waits to be deleted: `pulumi config set carto:unprotect id-1`, then `pulumi up`."
          : ""),
    );
  },
);

test("a protected client whose ID is not known is named anyway", () => {
  expect(whyProtected(KINDS.m2m, "replace", { name: "Web", deletionProtection: true }, undefined)).toMatch(
    /^OAuth client "Web" has deletionProtection: /,
  );
});

test.each(["delete", "replace"] as const)("to %s the client that the provider logs in with is refused", (action) => {
  expect(whyProtected(KINDS.m2m, action, client, "id-1")).toBe(
    `OAuth client id-1 ("Web") is the one the provider logs in with: to ${action} it would lock the provider out. Log in with other credentials first.`,
  );
});
