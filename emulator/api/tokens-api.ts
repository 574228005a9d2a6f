import type { ApiToken, TokenStore } from "../data/token-store.ts";
import { type Answer, type Call, errorAnswer, invalid } from "../http/answer.ts";
import type { Caller } from "./access.ts";
import { checkNewToken, checkTokenPatch } from "./token-validation.ts";

const TOKENS = "/api/v3/tokens";

/** The route of every operation of docs/tokens-api.yaml. */
export const TOKEN_OPERATIONS = {
  listApiTokens: `GET ${TOKENS}`,
  createApiToken: `POST ${TOKENS}`,
  getApiToken: `GET ${TOKENS}/{token}`,
  updateApiToken: `PATCH ${TOKENS}/{token}`,
  deleteApiToken: `DELETE ${TOKENS}/{token}`,
} as const;

/** `operationId` in docs/tokens-api.yaml. */
export type TokenOperationId = keyof typeof TOKEN_OPERATIONS;

/** An operation of the contract, answered for a caller whose OAuth access token is in order. */
export type TokenOperation = (call: Call, caller: Pick<Caller, "user">) => Answer;

/**
 * CARTO's Tokens API, for callers with an OAuth access token, by operationId.
 *
 * @see CARTO for developers, "Tokens API"; what of it is assumed says docs/tokens-api.yaml
 */
export function tokensApi(tokens: TokenStore, now: () => number): Record<TokenOperationId, TokenOperation> {
  const onOwn =
    (operation: (token: ApiToken, call: Call) => Answer): TokenOperation =>
    (call, { user }) => {
      const token = tokens.find(call.params.token ?? "");
      return token?.owner_id === user.user_id
        ? operation(token, call)
        : errorAnswer(404, "not_found", "The calling user has no such API Access Token");
    };
  const taken = (ownerId: string, name: string | undefined, but?: string): boolean => {
    const other = name === undefined ? undefined : tokens.named(ownerId, name);
    return other !== undefined && other.token !== but;
  };
  const nameTaken = () => errorAnswer(409, "conflict", "Another API Access Token of the calling user has this name");

  return {
    listApiTokens: (_call, { user }) => ({ status: 200, body: { data: tokens.of(user.user_id) } }),

    createApiToken({ body }, { user }) {
      const checked = checkNewToken(body, now());
      if ("issues" in checked) return invalid(checked.issues);
      if (user.role === "viewer")
        return errorAnswer(403, "forbidden", "A Viewer may not create API Access Tokens: ask an Editor");
      if (taken(user.user_id, checked.value.name)) return nameTaken();
      const members = { referers: [], ...checked.value };
      return { status: 200, body: tokens.create(user.user_id, user.organization_id, members) };
    },

    getApiToken: onOwn((token) => ({ status: 200, body: token })),

    updateApiToken: onOwn((token, { body, whole }) => {
      const checked = checkTokenPatch(body, whole);
      if ("issues" in checked) return invalid(checked.issues);
      if (taken(token.owner_id, checked.value.name, token.token)) return nameTaken();
      return { status: 200, body: tokens.update(token, { ...(whole && { referers: [] }), ...checked.value }) };
    }),

    deleteApiToken: onOwn(({ token }) => {
      tokens.delete(token);
      return { status: 204 };
    }),
  };
}
