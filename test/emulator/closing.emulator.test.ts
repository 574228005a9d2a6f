import { expect, test } from "vitest";
import { type Emulator, startEmulator } from "../../emulator/index.ts";

const answers = ({ url }: Emulator) =>
  fetch(`${url}/__emulator/state`).then(
    ({ ok }) => ok,
    () => false,
  );

test("an emulator is closed at the end of its block by await using", async () => {
  let left: Emulator;
  {
    await using emulator = await startEmulator();
    left = emulator;
    expect(await answers(emulator)).toBe(true);
  }
  expect(await answers(left)).toBe(false);
});

test("an emulator that is closed may be closed again, at the same time or later", async () => {
  await using emulator = await startEmulator();
  await Promise.all([emulator.close(), emulator.close()]);
  await emulator.close();
  expect(await answers(emulator)).toBe(false);
});
