import type { ApiToken, TokenMembers, TokenStore } from "../data/token-store.ts";
import { type Answer, type Call, type Issue, invalid, refuse } from "../http/answer.ts";
import type { Caller } from "./access.ts";
import { type Checked, parsedObject } from "./validation.ts";

type Operation = (call: Call, caller: Caller) => Answer;

/**
 * CARTO's Tokens API, for callers with an OAuth access token.
 *
 * Assumed: the shape of the listing, and `owner_id` and `created_at` in answers, not documented by CARTO.
 *
 * @see CARTO for developers, "Tokens API"
 */
export function tokensApi(tokens: TokenStore, now: () => number): Record<string, Operation> {
  const own = (call: Call, { user }: Caller): ApiToken | undefined => {
    const token = tokens.find(call.params.token ?? "");
    return token?.owner_id === user.user_id ? token : undefined;
  };
  const notFound = () => refuse(404, "not_found", "There is no such API Access Token among those of the calling user");
  const onOwn =
    (operation: (token: ApiToken, call: Call) => Answer): Operation =>
    (call, caller) => {
      const token = own(call, caller);
      return token ? operation(token, call) : notFound();
    };

  return {
    "POST /api/v3/tokens": (call, { user }) => {
      const checked = checkToken(call.body, now());
      if ("issues" in checked) return invalid(checked.issues);
      const members = { referers: [], ...checked.value } as TokenMembers;
      return { status: 200, body: tokens.create(user.user_id, user.organization_id, members) };
    },
    "GET /api/v3/tokens": (_call, { user }) => ({ status: 200, body: { data: tokens.of(user.user_id) } }),
    "GET /api/v3/tokens/{token}": onOwn((token) => ({ status: 200, body: token })),
    "PATCH /api/v3/tokens/{token}": onOwn((token, { body }) => {
      const checked = checkToken(body);
      return "issues" in checked ? invalid(checked.issues) : { status: 200, body: tokens.update(token, checked.value) };
    }),
    "DELETE /api/v3/tokens/{token}": onOwn(({ token }) => {
      tokens.delete(token);
      return { status: 204 };
    }),
  };
}

/** @param creation the time, when the token is a new one; then grants and APIs are required and an expiration may be set */
function checkToken(text: string, creation?: number): Checked<Partial<TokenMembers>> {
  const parsed = parsedObject(text);
  if ("issues" in parsed) return parsed;
  const members = parsed.value;
  const issues: Issue[] = Object.entries(members).flatMap(([path, value]) => {
    const message = memberProblem(path, value, creation);
    return message === undefined ? [] : [{ path, message }];
  });
  for (const path of creation === undefined ? [] : ["grants", "allowed_apis"]) {
    if (!Object.hasOwn(members, path)) issues.push({ path, message: "is required" });
  }
  return issues.length > 0 ? { issues } : { value: members as Partial<TokenMembers> };
}

function memberProblem(member: string, value: unknown, creation: number | undefined): string | undefined {
  switch (member) {
    case "name":
      return isText(value) ? undefined : "must be text";
    case "referers":
    case "allowed_apis":
      return Array.isArray(value) && value.every(isText) ? undefined : "must be a list of texts";
    case "grants":
      return Array.isArray(value) && value.every(isGrant)
        ? undefined
        : "must be a list of objects with connection_name and source";
    case "expiration_date":
      if (creation === undefined) return "can be set at creation only";
      return isText(value) && Date.parse(value) > creation ? undefined : "must be a date in the future";
    default:
      return "is not known";
  }
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value.length > 0;
}

function isGrant(value: unknown): boolean {
  const { connection_name, source, ...more } = (value ?? {}) as Record<string, unknown>;
  return isText(connection_name) && isText(source) && Object.keys(more).length === 0;
}
