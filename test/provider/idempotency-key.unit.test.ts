import { expect, test } from "vitest";
import { UNKNOWN } from "../../kinds/unknown.ts";
import { createKey, furtherKey, readDeclaredKey } from "../../provider/idempotency-key.ts";

test("a declared key has the place, and the stack behind an @", () => {
  expect(readDeclaredKey("place@org/project/dev")).toEqual({ place: "place", stack: "org/project/dev" });
  expect(readDeclaredKey("key-of-0.1.0")).toEqual({ place: "key-of-0.1.0", stack: undefined });
  expect(readDeclaredKey(UNKNOWN)).toEqual({ place: UNKNOWN, stack: undefined });
  expect(readDeclaredKey(undefined)).toEqual({ place: undefined, stack: undefined });
});

test("a create's key follows from place and rotation trigger alone", () => {
  expect(createKey("place", undefined)).toBe("place");
  expect(createKey("place", "2026-07")).toBe(createKey("place", "2026-07"));
  const keys = [undefined, "", "2026-01", "2026-07"].map((trigger) => createKey("place", trigger));
  expect(new Set([...keys, createKey("other", "2026-07")]).size).toBe(5);
});

test("a further key is another one for each client", () => {
  expect(furtherKey("key", "id-1")).toBe(furtherKey("key", "id-1"));
  expect(new Set(["key", furtherKey("key", "id-1"), furtherKey("key", "id-2")]).size).toBe(3);
});
