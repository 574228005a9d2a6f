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

/** What is done with the answers to the pages after the first, once so many were asked for. */
interface Answering {
  atOnce: number;
  /** Called before each answer, which are given in reverse order. */
  before?: (page: number, clients: number[]) => void;
  /** Answer with an error. */
  refused?: number[];
}

/** Lists a collection, which holds back the pages after the first until so many were asked for. */
async function list(count: number, announced: number, { atOnce, before, refused = [] }: Answering) {
  const clients = Array.from({ length: count }, (_, index) => index);
  const asked: number[] = [];
  let held: (() => void)[] = [];
  const server = createServer((request, response: ServerResponse) => {
    const page = Number(new URL(request.url ?? "", "http://localhost").searchParams.get("page"));
    asked.push(page);
    response.setHeader("content-type", "application/json");
    const answer = () => {
      before?.(page, clients);
      const data = clients.slice((page - 1) * 100, page * 100).map(client);
      if (refused.includes(page)) response.writeHead(400).end('{"error":"invalid_request"}');
      else response.end(JSON.stringify({ data, page, page_size: 100, total: announced }));
    };
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

const idsTo = (end: number) => Array.from({ length: end }, (_, index) => `id-${index}`);

test("the pages of a list after the first are read side by side, and stay in their order", async () => {
  const { ids, asked } = await list(450, 450, { atOnce: 4 });
  expect(ids).toEqual(idsTo(450));
  expect(asked.toSorted()).toEqual([1, 2, 3, 4, 5]);
});

test("a total that is too high asks for no more than eight pages past the end", async () => {
  const { ids, asked } = await list(150, 1_000_000_000, { atOnce: 8 });
  expect([ids, asked.length]).toEqual([idsTo(150), 9]);
});

test("pages past the end may be refused: the list ends with the first page that is not full", async () => {
  const refused = [3, 4, 5, 6, 7, 8, 9];
  expect((await list(150, 1_000_000_000, { atOnce: 8, refused })).ids).toEqual(idsTo(150));
});

test("a refused page within the list ends it with an error", async () => {
  await expect(list(450, 450, { atOnce: 4, refused: [3] })).rejects.toThrow("Listing OAuth clients");
});

test("a client that moves from one page to another while they are read is listed once", async () => {
  // The third page is answered, then a client of the first is deleted: the second page ends with the first client of the third.
  const before = (page: number, clients: number[]) => void (page === 2 && clients.shift());
  const { ids } = await list(250, 250, { atOnce: 2, before });
  expect(ids.filter((id) => id === "id-200")).toEqual(["id-200"]);
  expect(ids.length).toBe(new Set(ids).size);
});
