import { expect, test } from "vitest";
import { Connection } from "../../provider/connection.ts";
import { dynamicProvider } from "../../provider/dynamic.ts";
import { engineWith } from "./lifecycle-fixture.ts";

const INPUTS = { name: "Robot" };
const STATE = { ...INPUTS, clientId: "c", clientSecret: "s", ownerId: "o", createdAt: "", updatedAt: "" };

/** Whatever it is asked, it meets an error that nobody expected and that quotes what it should not. */
function broken() {
  const surroundings = {
    engine: engineWith(),
    warn: () => {},
    get environment(): NodeJS.ProcessEnv {
      throw new SyntaxError(
        'Unexpected token in JSON: {"client_secret":"planted-secret"}\n    at planted\n::error::planted',
      );
    },
  };
  return dynamicProvider("m2m", new Connection(surroundings));
}

type Provider = ReturnType<typeof broken>;
const CALLS: [string, (provider: Provider) => Promise<unknown>][] = [
  ["check", (provider) => provider.check({}, INPUTS)],
  ["diff", (provider) => provider.diff("c", STATE as never, { ...INPUTS, name: "Other" } as never)],
  ["create", (provider) => provider.create(INPUTS as never)],
  ["read", (provider) => provider.read("c", STATE as never)],
  ["update", (provider) => provider.update("c", STATE as never, { ...INPUTS, name: "Other" } as never)],
  ["delete", (provider) => provider.delete("c", STATE as never)],
];

test.each(CALLS)(
  "an unexpected error in %s is reported by its type and location, and quotes nothing",
  async (_, call) => {
    const error = await call(broken()).then(
      () => undefined,
      (thrown: Error & { code: string }) => thrown,
    );
    expect(error).toMatchObject({ name: "CartoError", code: "defect", stack: "" });
    expect(error?.message).toMatch(
      /^this is a bug in pulumi-carto, please report it with these lines: SyntaxError at .*defect\.unit\.test\.ts:\d+:\d+/,
    );
    expect(`${error?.message}${error?.cause}`).not.toMatch(/planted|\n|client_secret/);
  },
);
