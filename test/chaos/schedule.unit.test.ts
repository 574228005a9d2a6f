import { expect, test } from "vitest";
import { schedule } from "../../chaos/schedule.ts";
import { KIND_IDS, KINDS } from "../../kinds/index.ts";

const options = { seed: 7, engineRuns: 60, providerRuns: 140, stacks: 2 };

test("the same seed gives the same schedule, another seed another one", () => {
  expect(schedule(options)).toEqual(schedule(options));
  expect(schedule({ ...options, seed: 8 })).not.toEqual(schedule(options));
});

test("runs on the engine and on the provider alone are as many as asked, and mixed", () => {
  const runs = schedule(options);
  expect(runs.filter(({ on }) => on === "engine")).toHaveLength(60);
  expect(new Set(runs.slice(0, 10).map(({ on }) => on)).size).toBe(2);
});

test("only what may be declared is declared, and a run's clients are not taken back before they are settled", () => {
  for (const { declared, then } of schedule(options)) {
    expect(Object.keys(then)).toEqual(Object.keys(declared));
    for (const { kind, was: _, ...inputs } of [...Object.values(declared), ...Object.values(then)]) {
      expect(KINDS[kind].check(inputs)).toEqual([]);
    }
  }
});

test("there are kills of every sort, faults, destroys, rotations, renames and reverts", () => {
  const runs = schedule(options);
  expect(new Set(runs.map(({ kill }) => kill?.target))).toEqual(new Set([undefined, "engine", "provider", "both"]));
  expect(new Set(runs.flatMap(({ faults }) => faults.map(({ fault }) => fault))).size).toBe(6);
  expect(new Set(runs.map(({ operation }) => operation))).toEqual(new Set(["up", "destroy"]));
  expect(JSON.stringify(runs)).toContain("rotationTrigger");
  // Every kind is declared, and its calls meet faults.
  expect(new Set(runs.flatMap(({ declared }) => Object.values(declared).map(({ kind }) => kind)))).toEqual(
    new Set(KIND_IDS),
  );
  for (const call of ["createApiToken", "updateApiToken", "deleteApiToken", "createApplication", "deleteApplication"]) {
    expect(runs.some(({ faults }) => faults.some((fault) => fault.call === call))).toBe(true);
  }
  expect(
    runs.filter(({ declared }) => Object.values(declared).some(({ was }) => was !== undefined)).length,
  ).toBeGreaterThan(5);
  const reverted = runs.filter(({ declared, then }) =>
    Object.entries(then).some(
      ([name, client]) => client.name !== declared[name]?.name && !client.name.includes("after"),
    ),
  );
  expect(reverted.length).toBeGreaterThan(5);
});
