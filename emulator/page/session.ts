import { createHmac, timingSafeEqual } from "node:crypto";
import type { User } from "../data/client.ts";
import type { Store } from "../data/store.ts";
import type { Call } from "../http/answer.ts";
import { decoded } from "../http/routes.ts";

const COOKIE = "emulator_user";

/** The user who is viewing the credentials page: a signed cookie, and a token in each form that only our own pages know. */
export class PageSession {
  readonly #store: Store;
  readonly #key: string;

  constructor(store: Store, key: string) {
    this.#store = store;
    this.#key = key;
  }

  user({ headers }: Call): User | undefined {
    const value = new RegExp(`(?:^|; )${COOKIE}=([^;]*)`).exec(headers.cookie ?? "")?.[1] ?? "";
    const [userId = "", signature = ""] = value.split(".").map(decoded);
    return this.#holds(`user:${userId}`, signature) ? this.#store.user(userId) : undefined;
  }

  /** The cookie of a user who logged in. Strict: no other site's link or form brings it along. */
  cookie(user: User): string {
    const value = `${encodeURIComponent(user.user_id)}.${this.#signature(`user:${user.user_id}`)}`;
    return `${COOKIE}=${value}; HttpOnly; SameSite=Strict; Path=/`;
  }

  endedCookie(): string {
    return `${COOKIE}=; HttpOnly; SameSite=Strict; Path=/; Max-Age=0`;
  }

  /** The token in the forms shown to a user, or to a visitor who is not logged in. */
  formToken(user: User | undefined): string {
    return this.#signature(`form:${user?.user_id ?? ""}`);
  }

  isOwnForm(user: User | undefined, token: string | null): boolean {
    return this.#holds(`form:${user?.user_id ?? ""}`, token ?? "");
  }

  #signature(text: string): string {
    return createHmac("sha256", this.#key).update(text).digest("base64url");
  }

  #holds(text: string, signature: string): boolean {
    const [expected, given] = [Buffer.from(this.#signature(text)), Buffer.from(signature)];
    return expected.length === given.length && timingSafeEqual(expected, given);
  }
}
