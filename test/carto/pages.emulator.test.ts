import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { resolveConfiguration } from "../../carto/configuration.ts";
import { Tenant } from "../../carto/tenant.ts";

const client = (number: number) => ({
  client_id: `id-${number}`,
  type: "m2m",
  title: `Robot ${number}`,
  owner_id: "auth0|1",
  created_at: "2026-01-01T00:00:00.000Z",
  updated_at: "2026-01-01T00:00:00.000Z",
});

/** A collection that answers pages after the first one in reverse order, and not before so many were asked for. */
async function list(clients: number, announced: number, atOnce: number) {
  const asked: number[] = [];
  let held: (() => void)[] = [];
  const server = createServer((request, response: ServerResponse) => {
    const page = Number(new URL(request.url ?? "", "http://localhost").searchParams.get("page"));
    asked.push(page);
    const numbers = Array.from({ length: clients }, (_, index) => index).slice((page - 1) * 100, page * 100);
    const body = JSON.stringify({ data: numbers.map(client), page, page_size: 100, total: announced });
    const answer = () => void response.setHeader("content-type", "application/json").end(body);
    if (page === 1) return answer();
    held.push(answer);
    if (held.length < atOnce) return;
    for (const each of held.reverse()) each();
    held = [];
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const settings: Record<string, string> = {
    accessToken: "token-1",
    credentialsUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  };
  const tenant = new Tenant(resolveConfiguration((setting) => settings[setting], {}));
  try {
    return { ids: (await (await tenant.api()).list()).map(({ id }) => id), asked };
  } finally {
    await tenant.close();
    server.close();
  }
}

test("the pages of a list after the first are read side by side, and stay in their order", async () => {
  const { ids, asked } = await list(450, 450, 4);
  expect(ids).toEqual(Array.from({ length: 450 }, (_, index) => `id-${index}`));
  expect(asked.toSorted()).toEqual([1, 2, 3, 4, 5]);
});

test("a total that is too high asks for no more than eight pages past the end", async () => {
  const { ids, asked } = await list(150, 1_000_000_000, 8);
  expect([ids.length, asked.length]).toEqual([150, 9]);
});
