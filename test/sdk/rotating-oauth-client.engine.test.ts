import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { startEmulator } from "../../emulator/index.ts";
import { tokenFor } from "../../harness/carto-session.ts";
import { pulumiWorkspace } from "../../harness/pulumi-workspace.ts";

const PROGRAM = await readFile(new URL("../../examples/rotation/index.ts", import.meta.url), "utf8");

interface Outputs {
  webClientIds: string[];
  consumer: Record<"current" | "previous", { clientId?: string; clientSecret?: string }>;
}

test("a rotation with an overlap: both generations work, then the previous one is gone", async () => {
  const emulator = await startEmulator();
  try {
    await using workspace = await pulumiWorkspace({
      files: PROGRAM,
      env: emulator.env,
      config: { "test:current": "2026-01", "carto:policy": "production" },
    });
    const up = async () => {
      await workspace.succeed("up");
      const titles = emulator.clients().map(({ title }) => title);
      return { titles: titles.sort(), ...((await workspace.outputs()) as unknown as Outputs) };
    };
    const works = async ({ clientId = "", clientSecret = "" }: { clientId?: string; clientSecret?: string }) =>
      (await tokenFor(emulator, clientId, clientSecret)).status;

    const first = await up();
    expect(first.titles).toEqual(["Nightly import (2026-01)", "Store locator (2026-01)"]);
    expect(first.webClientIds).toHaveLength(1);
    expect(first.consumer.previous).toEqual({});

    await workspace.setConfig("test:previous", "2026-01");
    await workspace.setConfig("test:current", "2026-07");
    const overlap = await up();
    expect(overlap.titles).toHaveLength(4);
    expect(overlap.webClientIds[1]).toBe(first.webClientIds[0]);
    expect(overlap.consumer.previous).toEqual(first.consumer.current);
    expect(await works(overlap.consumer.current)).toBe(200);
    expect(await works(overlap.consumer.previous)).toBe(200);

    await workspace.succeed("config", "rm", "test:previous");
    const last = await up();
    expect(last.titles).toEqual(["Nightly import (2026-07)", "Store locator (2026-07)"]);
    expect(last.consumer.current).toEqual(overlap.consumer.current);
    expect(await works(last.consumer.current)).toBe(200);
    expect(await works(first.consumer.current)).toBe(401);
    const stored = await workspace.storedText();
    for (const { clientSecret = "" } of [first.consumer.current, last.consumer.current]) {
      expect(clientSecret).toHaveLength(64);
      expect(stored).not.toContain(clientSecret);
    }
  } finally {
    await emulator.close();
  }
});
