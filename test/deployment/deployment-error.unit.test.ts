import { expect, test } from "vitest";
import { explain, withoutPasswords } from "../../deployment/deployment-error.ts";

const told = (stderr: string) => {
  const { code, message } = explain(stderr, undefined);
  return [code, message];
};

test("a lock names its holder and since when", () => {
  const stderr = `error: the stack is currently locked by 1 lock(s). Either wait for the other process(es) to end or delete the lock file with \`pulumi cancel\`.
  file:///state/.pulumi/locks/dev/1.json: created by ci@runner-7 (pid 4711) at 2026-01-02T03:04:05Z`;
  expect(told(stderr)).toEqual([
    "locked",
    "the stack is locked by ci@runner-7 (pid 4711) since 2026-01-02T03:04:05Z: wait for it with --wait, or, if it no longer runs, remove the lock with `pulumi-carto cancel`",
  ]);
  expect(told("error: [409] Conflict: Another update is currently in progress.")).toEqual([
    "locked",
    "the stack is locked by another update: wait for it with --wait, or, if it no longer runs, remove the lock with `pulumi-carto cancel`",
  ]);
});

test("two first runs on PostgreSQL that create its table at the same time are asked to start again", () => {
  const stderr =
    'error: unable to open bucket postgres://ci:planted@db/pulumi: failed to create table pulumi_state: pq: duplicate key value violates unique constraint "pg_type_typname_nsp_index"';
  expect(told(stderr)).toEqual(["busy", "another run began at the same moment: run it again"]);
  expect(told("error: sql: no rows in result set")[0]).toBe("busy");
});

test("a missing backend is reported with the cause, and never with its password", () => {
  const stderr =
    "error: unable to open bucket postgres://ci:planted@db.example.com/pulumi: failed to ping PostgreSQL: dial tcp 127.0.0.1:5432: connect: connection refused";
  expect(told(stderr)).toEqual([
    "backend",
    "the backend cannot be reached: check `backend` of the environment or PULUMI_BACKEND_URL (failed to ping PostgreSQL: dial tcp 127.0.0.1:5432: connect: connection refused)",
  ]);
});

test("a missing plan is reported once", () => {
  const line = "error: open /plans/dev.json: no such file or directory\n";
  expect(told(line + line)).toEqual(["plan", "the plan does not exist: write it with `preview --save-plan`"]);
});

test("a plan whose secrets another key encrypted is reported as a problem of the plan", () => {
  expect(told("error: decrypting secret value: cipher: message authentication failed")).toEqual([
    "plan",
    "the secrets of the plan cannot be decrypted: the stack was encrypted anew since the preview; preview again and review",
  ]);
});

test("an unknown failure is reported in the engine's words, URLs without user and password", () => {
  expect(
    told("Command failed\nerror: odd thing at s3://key:planted@bucket\nerror: odd thing at s3://key:planted@bucket"),
  ).toEqual(["failed", "Pulumi: odd thing at s3://***@bucket"]);
  expect(told("Command failed")).toEqual(["failed", "the run failed"]);
  expect(withoutPasswords("postgres://a:p@ss/w@host/db and https://b@c")).toBe(
    "postgres://***@host/db and https://***@c",
  );
});
