import type Provider from "oidc-provider";
import { errors } from "oidc-provider";
import type { Access } from "../api/access.ts";
import { isKnownOrigin, preflight, shared } from "../api/cors.ts";
import type { Store } from "../data/store.ts";
import { invalid } from "../http/answer.ts";
import type { Handler, Routes } from "../http/routes.ts";
import { logIn, showLogin } from "./login-page.ts";
import { endSession, logoutTarget } from "./logout.ts";
import { loggedOutPage, refusalPage } from "./pages.ts";
import { replayed, translated } from "./requests.ts";
import { userinfo } from "./userinfo.ts";

/** As browsers write it, since a header takes no other characters; halves of surrogate pairs become U+FFFD on the way. */
function inAscii(location: string): string {
  return Buffer.from(location)
    .toString()
    .replace(/[^!-~]+/gu, encodeURIComponent);
}

/** The routes of auth.carto.com. */
export function authorityRoutes(store: Store, access: Access, authority: Provider): Routes {
  const known = (origin: string) => isKnownOrigin(store, origin);
  const callback = authority.callback();
  const toAuthority: Handler = async (call, req, res) => {
    const request = translated(store, call);
    if ("refused" in request) return shared(request.refused, call, known);
    await callback(replayed(req, request.path, request.body), res);
    return undefined;
  };
  const login =
    (handle: Handler): Handler =>
    async (call, req, res) => {
      try {
        return await handle(call, req, res);
      } catch (error) {
        if (!(error instanceof errors.SessionNotFound)) throw error;
        return refusalPage(
          "Nothing to log in to",
          "This login was finished or has expired: start again in the application.",
        );
      }
    };
  return {
    "GET /authorize": toAuthority,
    "GET /authorize/{uid}": toAuthority,
    "GET /u/login/{uid}": login((_call, req, res) => showLogin(authority, store, req, res)),
    "POST /u/login/{uid}": login(async (call, req, res) =>
      (await logIn(authority, store, call, req, res))
        ? undefined
        : invalid([{ path: "user", message: "must be one of the users on the page" }]),
    ),
    "POST /oauth/token": toAuthority,
    "OPTIONS /oauth/token": preflight(known),
    "POST /oauth/revoke": toAuthority,
    "OPTIONS /oauth/revoke": preflight(known),
    "GET /userinfo": (call) => userinfo(access, call),
    "POST /userinfo": (call) => userinfo(access, call),
    "OPTIONS /userinfo": preflight(known),
    "GET /v2/logout": async (call, req, res) => {
      const target = logoutTarget(store, call);
      if ("refused" in target) return target.refused;
      await endSession(authority, req, res);
      return { status: 302, headers: { Location: inAscii(target.location) } };
    },
    "GET /v2/logout/done": () => loggedOutPage(),
    "GET /oidc/logout": toAuthority,
    "POST /oidc/logout/confirm": toAuthority,
    "GET /oidc/logout/success": toAuthority,
    "GET /.well-known/{document}": toAuthority,
    "OPTIONS /.well-known/{document}": toAuthority,
  };
}
