import { randomUUID } from "node:crypto";
import type { ApiAccessToken, ApiAccessTokenInputs } from "../kinds/api-access-token/api-access-token.ts";
import { cartoNameOf, readCartoName, suffixOf } from "../kinds/api-access-token/carto-name.ts";
import type { CheckedInputs } from "../kinds/inputs.ts";
import type { Properties } from "../kinds/kind.ts";
import { CartoError } from "./errors.ts";
import type { Clock } from "./http.ts";
import type { Creation, Known, ResourceApi } from "./resource-api.ts";
import { readUntil, SETTLING_MS } from "./settling.ts";
import type { NewToken, TokenChange, TokensApi } from "./tokens-api.ts";

/** How often a create is sent. The name is unique, so that a second one cannot make a second token. */
const MAX_ATTEMPTS = 3;

type Token = ApiAccessToken & { ownerId: string };

/**
 * API Access Tokens, as the lifecycle uses them: by fingerprint, and created exactly once.
 *
 * The Tokens API has no idempotency keys, but names are unique. A token's name at CARTO ends in a suffix that is made from the key of its
 * create, and so no other create uses it: before a create, and after one whose answer is lost, the listing tells whether the token is
 * there.
 */
export class TokenResources implements ResourceApi {
  readonly keyed = true;
  readonly listsWhole = true;
  readonly #api: TokensApi;
  readonly #clock: Pick<Clock, "now" | "sleep">;
  readonly #callerId: () => Promise<string>;
  #listed: Promise<Token[]> | undefined;

  /** @param callerId `user_id` of the calling user, whose are all tokens that it sees */
  constructor(api: TokensApi, clock: Pick<Clock, "now" | "sleep">, callerId: () => Promise<string>) {
    this.#api = api;
    this.#clock = clock;
    this.#callerId = callerId;
  }

  /** All of the calling user. */
  async list(): Promise<Token[]> {
    const [tokens, callerId] = await Promise.all([this.#api.list(), this.#callerId()]);
    return tokens.map((token) => ({ ...token, ownerId: token.ownerId ?? callerId }));
  }

  async get(id: string, { token, name }: Known): Promise<Token | undefined> {
    if (typeof token !== "string") return (await this.list()).find((listed) => listed.id === id);
    const found = await this.#api.get(token, name ?? "");
    return found && this.#owned(found);
  }

  async create(inputs: CheckedInputs, key: string | undefined): Promise<Creation> {
    const suffix = suffixOf(key ?? randomUUID());
    this.#listed ??= this.list().catch((error) => {
      this.#listed = undefined; // the next create asks again
      throw error;
    });
    const existing = withSuffix(await this.#listed, suffix);
    if (existing) return { resource: existing, existed: true, repeated: false };
    for (let attempts = 1; ; attempts++) {
      try {
        const created = await this.#api.create(newToken(inputs, suffix));
        return { resource: await this.#owned(created), existed: false, repeated: false };
      } catch (error) {
        const taken = error instanceof CartoError && error.code === "conflict";
        if (!taken && !(error instanceof CartoError && error.unconfirmed)) throw error;
        const found = await this.#find(suffix, taken ? SETTLING_MS : 0);
        // What this very create has made is not taken over.
        if (found) return { resource: found, existed: true, repeated: attempts > 1 || !taken };
        if (taken) throw unseen(inputs.name, suffix);
        if (attempts >= MAX_ATTEMPTS) throw lost(inputs.name, error);
      }
    }
  }

  async update(id: string, change: Properties, known: Known): Promise<Token> {
    const { token, name, cartoName } = await this.#complete(id, known);
    const { name: newName, ...others } = change;
    const renamed = typeof newName === "string" && {
      cartoName: cartoNameOf(newName, readCartoName(cartoName).suffix),
    };
    const updated = await this.#api.update(token, { ...(others as TokenChange), ...renamed }, name);
    return { ...(await this.#owned(updated)), id, token };
  }

  async delete(id: string, known: Known): Promise<boolean> {
    this.#listed = undefined; // a create after it must not find the token
    const { token, name = "" } = known;
    const value = typeof token === "string" ? token : (await this.get(id, known))?.token;
    return value === undefined ? false : this.#api.delete(value, name);
  }

  /** What a path and a new name need; states that were written by hand may lack it. */
  async #complete(id: string, known: Known): Promise<{ token: string; name: string; cartoName: string }> {
    const { token, name, cartoName } = known;
    if (typeof token === "string" && typeof cartoName === "string") return { token, name: name ?? "", cartoName };
    const found = await this.get(id, known);
    if (found?.token !== undefined) return { ...found, token: found.token };
    throw new CartoError(
      "not_found",
      `Updating API Access Token ${id}: the calling user has no such token. It was deleted, or belongs to another user. After a deletion run \`pulumi refresh\`.`,
    );
  }

  async #owned(token: ApiAccessToken): Promise<Token> {
    return { ...token, ownerId: token.ownerId ?? (await this.#callerId()) };
  }

  /** Lists until the token is there, or the time is over: listings may lag behind writes. */
  #find(suffix: string, waitMs: number): Promise<Token | undefined> {
    const deadline = this.#clock.now() + waitMs;
    const read = async () => withSuffix(await this.list(), suffix);
    return readUntil(read, this.#clock, deadline, (token) => token !== undefined);
  }
}

function newToken(inputs: CheckedInputs, suffix: string): NewToken {
  const { grants, allowedApis, referers, expirationDate } = inputs as CheckedInputs & ApiAccessTokenInputs;
  return {
    cartoName: cartoNameOf(inputs.name, suffix),
    grants,
    allowedApis,
    referers: referers ?? [],
    ...(expirationDate !== undefined && { expirationDate }),
  };
}

function withSuffix(tokens: readonly Token[], suffix: string): Token | undefined {
  const found = tokens.find(({ cartoName }) => readCartoName(cartoName).suffix === suffix);
  if (found === undefined || found.token !== undefined) return found;
  throw new CartoError(
    "unexpected_answer",
    `The API Access Token ${JSON.stringify(found.cartoName)} was left by an interrupted create and cannot be adopted, because CARTO's listing does not contain the token itself. Delete it at CARTO, then run again.`,
  );
}

function unseen(name: string, suffix: string): CartoError {
  return new CartoError(
    "conflict",
    `Creating API Access Token ${JSON.stringify(name)}: CARTO has a token with the name ${JSON.stringify(cartoNameOf(name, suffix))} (409), which the calling user cannot see. ` +
      "It was left by an interrupted create with other credentials: run again with those, or have it deleted.",
  );
}

function lost(name: string, cause: unknown): CartoError {
  return new CartoError(
    "create_unconfirmed",
    `Creating API Access Token ${JSON.stringify(name)}: no usable answer came, and CARTO does not list the token. Run again later: if it was created, it is found by its name.`,
    { cause },
  );
}
