import { describe, expect, test } from "vitest";
import type { Change } from "../../change/change.ts";
import { changesBetween } from "../../change/changes-between.ts";
import { compareClientVersions } from "../../change/compare.ts";
import { changesFromEvents, driftFromEvents } from "../../change/from-engine-events.ts";
import { lostReachSentence } from "../../change/reach.ts";
import { reviewByInputs } from "../../change/review.ts";
import { announce, announceReplacement, refreshed } from "../../harness/engine-events.ts";
import { m2m, spa } from "../report/scenarios.ts";

const login = "https://app.example.com/login";
const callbacks = (...allowedCallbackUrls: string[]) => spa("web", login, { allowedCallbackUrls });
const change = (...args: Parameters<typeof changesBetween>) => changesBetween(...args)[0];
const gettingIn = (found: Change | undefined) =>
  found?.exposures.filter(({ rule }) => rule === "login-host-added").map(({ reason }) => reason);

describe("comparing two versions of a client", () => {
  test("another order of the same URLs is not a change", () => {
    const [a, b] = [
      callbacks("https://a.example.com/", "https://b.example.com/"),
      callbacks("https://b.example.com/", "https://a.example.com/"),
    ];
    expect(change("prod", [a], [b])?.action).toBe("same");
  });

  test("an empty text is nothing: it is neither added nor removed", () => {
    const application = (inputs: object) =>
      ({ kind: "application", logicalName: "maps", inputs: { name: "Maps", appUrl: login, ...inputs } }) as const;
    const found = change("prod", [], [application({ description: "", pinned: false })]);
    expect(found?.values.map(({ label }) => label)).toEqual(["App URL"]);
    expect(change("prod", [application({ description: "Ours" })], [application({ description: "" })])?.values).toEqual([
      { label: "Description", added: [], removed: ["Ours"] },
    ]);
  });

  test("a URL given twice is not a change", () => {
    expect(change("prod", [callbacks(login)], [callbacks(login, login)])?.action).toBe("same");
  });

  test("another first logout URL is a change, named as the default target", () => {
    const logout = (...allowedLogoutUrls: string[]) => spa("web", login, { allowedLogoutUrls });
    const found = change(
      "prod",
      [logout("https://a.example.com/", "https://b.example.com/")],
      [logout("https://b.example.com/", "https://a.example.com/")],
    );
    expect(found?.action).toBe("update");
    expect(found?.urls[1]).toEqual({
      list: "allowedLogoutUrls",
      added: [],
      removed: [],
      kept: ["https://b.example.com/", "https://a.example.com/"],
      first: { old: "https://a.example.com/", new: "https://b.example.com/" },
      derived: { old: false, new: false },
    });
  });

  test("a list that is left out and one that says what the login URL gives are the same", () => {
    expect(change("prod", [spa("web", login)], [callbacks(login)])?.action).toBe("same");
  });

  test("an empty list is not the list that is left out", () => {
    const found = change("prod", [spa("web", login)], [callbacks()]);
    expect(found?.urls[0]).toMatchObject({ removed: [login], added: [], derived: { old: true, new: false } });
  });

  test("a changed rotation trigger replaces the client, and the trigger itself is nowhere in the change", () => {
    const found = change(
      "prod",
      [m2m("api", { rotationTrigger: "trigger-one" })],
      [m2m("api", { rotationTrigger: "trigger-two" })],
    );
    expect(found).toMatchObject({ action: "replace", rotation: true });
    expect(JSON.stringify(found)).not.toContain("trigger-");
  });

  test("another kind under the same logical name is a deletion and a creation", () => {
    const found = changesBetween("prod", [m2m("api")], [spa("api", login)]);
    expect(found.map(({ kind, action }) => `${kind} ${action}`)).toEqual(["m2m delete", "spa create"]);
  });

  test("switching deletion protection, the policy or an exemption is reported as a setting", () => {
    const allow = [{ rule: "wildcard", url: "https://*.example.com", reason: "previews" }];
    const found = change(
      "prod",
      [m2m("api", { deletionProtection: true })],
      [m2m("api", { policy: "standard", allow })],
    );
    expect(found?.settings).toEqual([
      { property: "deletionProtection", old: "on" },
      { property: "policy", new: "standard" },
      { property: "allow", new: "wildcard https://*.example.com (previews)" },
    ]);
  });

  test("a user name and password in a URL are cut out", () => {
    for (const url of [
      "https://user:hunter2@a.example.com/",
      "https:\\\\user:hunter2@a.example.com/",
      "http:user:hunter2@a.example.com",
      "ftp://user:hunter2@a.example.com",
    ]) {
      const found = change("prod", [], [spa("web", url, { allowedCallbackUrls: [url] })]);
      expect(JSON.stringify(found)).not.toContain("hunter2");
    }
  });

  test("no version at all is a mistake of the caller", () => {
    expect(() => compareClientVersions("prod", undefined, undefined)).toThrow(
      "compareClientVersions: both versions are missing; give at least one.",
    );
  });
});

describe("hosts that become reachable", () => {
  const reach = (olds: string[], news: string[]) =>
    gettingIn(change("prod", [callbacks(...olds)], [callbacks(...news)]));

  test.each([
    [
      "a wildcard",
      [],
      ["https://*.preview.example.com/cb"],
      ["any host one level under preview.example.com can now receive logins"],
    ],
    [
      "a wildcard with prefix and suffix",
      [],
      ["https://pr-*-web.example.com"],
      ["any host one level under example.com whose name starts with pr- and ends with -web can now receive logins"],
    ],
    [
      "plain http on a port",
      [],
      ["http://localhost:5173/"],
      ["localhost over plain http on port 5173 can now receive logins"],
    ],
    ["another path on a known host", ["https://a.example.com/"], ["https://a.example.com/cb"], []],
    ["a host that a wildcard already covered", ["https://*.example.com/"], ["https://a.example.com/cb"], []],
    ["a narrower wildcard", ["https://*.example.com/"], ["https://pr-*.example.com/cb"], []],
    [
      "two levels under a wildcard",
      ["https://*.example.com/"],
      ["https://a.b.example.com/"],
      ["a.b.example.com can now receive logins"],
    ],
    [
      "the apex of a wildcard",
      ["https://*.example.com/"],
      ["https://example.com/"],
      ["example.com can now receive logins"],
    ],
    [
      "the same host without TLS",
      ["https://a.example.com/"],
      ["http://a.example.com/"],
      ["a.example.com over plain http can now receive logins"],
    ],
    [
      "an international host, as its ASCII form",
      [],
      ["https://bücher.example/"],
      ["xn--bcher-kva.example can now receive logins"],
    ],
    [
      "what is not a URL, as written",
      [],
      ["not a url", "javascript:alert(1)"],
      ['"not a url" can now receive logins', '"javascript:alert(1)" can now receive logins'],
    ],
  ])("%s", (_, olds, news, sentences) => {
    expect(reach(olds, news)).toEqual(sentences);
  });

  const all = (...news: ReturnType<typeof spa>[]) =>
    gettingIn(changesBetween("prod", [], news, { reviewer: reviewByInputs })[0]);

  test("an entry that a rule refuses is reported anyway: nothing is hidden behind a failure", () => {
    const others = { allowedLogoutUrls: [], allowedWebOrigins: ["https://b.example.com"], allowedOrigins: [] };
    const allowed = ["https://*.com/cb", "https://b.example.com/#token"];
    expect(all(spa("web", login, { ...others, allowedCallbackUrls: allowed }))).toEqual([
      "app.example.com can now show users the login page",
      "any host one level under com can now receive logins",
      "b.example.com can now receive logins and start logins",
    ]);
  });

  test("a new login URL shows the login page, and its lists let its host do the rest", () => {
    expect(all(spa("web", login))).toEqual([
      "app.example.com can now show users the login page, receive logins, receive users after logout, start logins and call CARTO's APIs from a browser",
    ]);
  });

  test("a URL that browsers read otherwise than it looks lets in what is written", () => {
    expect(all(spa("web", login, { allowedCallbackUrls: ["https://evil.example\\@app.example.com/"] }))).toContain(
      '"https://evil.example\\\\@app.example.com/" can now receive logins',
    );
  });
});

describe("hosts no longer reachable", () => {
  const lost = (olds: ReturnType<typeof spa>[], news: ReturnType<typeof spa>[]) =>
    changesBetween("prod", olds, news)[0]?.lostReach.map(lostReachSentence);
  const [a, b] = ["https://a.example.com/cb", "https://b.example.com/cb"];

  test("removing an explicit callback removes its host's logins", () => {
    expect(lost([callbacks(a, b)], [callbacks(a)])).toEqual(["b.example.com can no longer receive logins"]);
  });

  test("another login URL takes what the four derived lists let its host do", () => {
    expect(lost([spa("web", a)], [spa("web", b)])).toEqual([
      "a.example.com can no longer show users the login page, receive logins, receive users after logout, start logins or call CARTO's APIs from a browser",
    ]);
  });

  test("the only callback path of a host that moves takes its logins: CARTO compares whole URLs", () => {
    expect(lost([callbacks(a)], [callbacks("https://a.example.com/other")])).toEqual([
      "a.example.com can no longer receive logins at any of its old URLs",
    ]);
    expect(lost([callbacks(a)], [callbacks(a, "https://a.example.com/other")])).toEqual([]);
  });

  test("a wildcard that covers the host, a narrower one, hosts in its place, or another spelling loses nothing", () => {
    const wildcard = callbacks("https://*.example.com/cb");
    expect(lost([callbacks(a)], [wildcard])).toEqual([]);
    expect(lost([wildcard], [callbacks("https://pr-*.example.com/cb")])).toEqual([]);
    expect(lost([wildcard], [callbacks(a, b)])).toEqual([]);
    expect(lost([callbacks("https://A.example.com:443/cb")], [callbacks(a)])).toEqual([]);
  });

  test("a deleted client loses itself, not its hosts", () => {
    expect(lost([callbacks(a)], [])).toEqual([]);
  });

  test("a host that may still receive logins may still call CARTO's APIs: callback URLs allow their origins", () => {
    const cors = (...allowedOrigins: string[]) => spa("web", login, { allowedOrigins });
    expect(lost([cors("https://app.example.com")], [cors()])).toEqual([]);
    expect(lost([cors("https://b.example.com")], [cors()])).toEqual([
      "b.example.com can no longer call CARTO's APIs from a browser",
    ]);
  });
});

describe("the engine's events", () => {
  test("a replacement, three steps for the engine, is one change with the old client ID", () => {
    const api = {
      name: "api",
      kind: "m2m",
      old: { name: "API" },
      new: { name: "API" },
      clientId: "H4",
      keys: ["rotationTrigger"],
    } as const;
    const found = changesFromEvents(announceReplacement({ ...api, keys: [...api.keys] }), "prod");
    expect(found).toMatchObject([{ client: "api", action: "replace", rotation: true, clientId: "H4" }]);
  });

  test("values that the engine does not know yet or keeps secret are shown as that", () => {
    const secret = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", ciphertext: "[secret]" };
    const inputs = {
      name: secret,
      applicationLoginUrl: "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
      allowedOrigins: ["04da6b54-80e4-46f7-96ec-b56ff0331ba9"],
    };
    const [found] = changesFromEvents(announce("create", { name: "web", kind: "spa", new: inputs }), "prod");
    expect(found?.name).toEqual({ new: "(secret)" });
    expect(found?.applicationLoginUrl).toEqual({ new: "(not known yet)" });
    expect(found?.urls[3]?.added).toEqual(["(not known yet)"]);
  });

  test("a hidden URL counts as someone new if its client changes, and as nobody if it does not", () => {
    const secret = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", ciphertext: "[secret]" };
    const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
    const inputs = { name: "Web", applicationLoginUrl: login, allowedCallbackUrls: [login, secret] };
    const of = (op: "update" | "same", next: object) =>
      changesFromEvents(
        announce(op, { name: "web", kind: "spa", old: inputs, new: { ...inputs, ...next } }),
        "prod",
      )[0];
    expect(gettingIn(of("update", { name: "The web" }))).toEqual(["a host that is hidden here can now receive logins"]);
    expect(gettingIn(of("update", { allowedCallbackUrls: [login, unknown] }))).toEqual([
      "a host that is hidden here can now receive logins",
    ]);
    expect(gettingIn(of("same", {}))).toEqual([]);
    expect(JSON.stringify(of("update", { allowedCallbackUrls: [login, unknown] }))).not.toContain(unknown);
  });

  test("a deletion and a creation with equal inputs are one rename, which gives nobody access", () => {
    const client = { kind: "m2m" as const, old: { name: "API" }, clientId: "H4" };
    const events = [
      ...announce("create", { name: "service", kind: "m2m", new: { name: "API" } }),
      ...announce("delete", { name: "api", ...client }),
    ];
    const renamed = { old: "api", new: "service" };
    expect(changesFromEvents(events, "prod")).toMatchObject([
      { client: "service", action: "create", renamed, exposures: [] },
      { client: "api", action: "delete", renamed },
    ]);
  });

  test("a logical name may hold the separator of URNs", () => {
    const [found] = changesFromEvents(announce("create", { name: "a::b", kind: "m2m", new: { name: "x" } }), "prod");
    expect(found?.client).toBe("a::b");
  });

  test("the old client of an unfinished replacement is a deletion of its own", () => {
    const events = [
      ...announce("same", { name: "api", kind: "m2m", old: { name: "API" }, new: { name: "API" }, clientId: "new" }),
      ...announce("delete", { name: "api", kind: "m2m", old: { name: "API" }, clientId: "old" }),
    ];
    expect(changesFromEvents(events, "prod").map(({ action, clientId }) => [action, clientId])).toEqual([
      ["same", "new"],
      ["delete", "old"],
    ]);
  });

  test("a client that is only read is not a change", () => {
    expect(
      changesFromEvents(
        announce("read", { name: "other", kind: "m2m", old: { name: "x" }, new: { name: "x" } }),
        "prod",
      ),
    ).toEqual([]);
  });

  test("a refresh in which only CARTO's timestamps changed is not drift", () => {
    const [found] = driftFromEvents(
      refreshed("update", { name: "api", kind: "m2m", old: { name: "API" }, new: { name: "API" } }),
      "prod",
    );
    expect(found).toMatchObject({ action: "same", drift: false });
  });
});
