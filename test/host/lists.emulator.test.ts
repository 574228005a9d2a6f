import { expect, test } from "vitest";
import { startEmulator } from "../../emulator/index.ts";
import { Lists } from "../../host/lists.ts";

test("lists that nobody waits for any more are neither read to their end nor asked for again", async () => {
  await using emulator = await startEmulator();
  emulator.faults.add({ fault: "delay", delayMs: 600_000, call: "listOAuthClients" });
  const lists = new Lists(() => undefined, { ...emulator.env });
  lists.begin(["spa", "m2m", "spa"]);
  await expect.poll(() => emulator.faults.list()[0]?.hits).toBe(1);
  const shown = lists.showUnchanged([
    { kind: "spa", id: "any", outputs: { __provider: "any", updatedAt: "any", clientSecret: "any" } },
  ]);
  await lists[Symbol.asyncDispose]();
  expect(await shown).toBe(false);
  expect(emulator.faults.list()[0]?.hits).toBe(1);
});
