import { expect, test } from "vitest";
import { KINDS } from "../../kinds/index.ts";

const { spa, "api-access-token": token, application } = KINDS;

test.each(["localhost:5173", "127.0.0.1", "[::1]", "0.0.0.0", "[::ffff:7f00:1]", "app.localtest.me", "printer.local"])(
  "http://%s leads to each visitor's own machine, whichever kind of resource declares it",
  (host) => {
    const url = `http://${host}`;
    const rules = [
      spa.review({ ...spa.sample, allowedCallbackUrls: [`${url}/callback`] }),
      token.review({ ...token.sample, referers: [url] }),
      application.review({ ...application.sample, appUrl: `${url}/` }),
    ].map(({ advice }) => advice.map(({ rule }) => rule));
    expect(rules).toEqual([
      expect.arrayContaining(["loopback"]),
      expect.arrayContaining(["localhost-referer"]),
      expect.arrayContaining(["localhost-shared"]),
    ]);
  },
);
