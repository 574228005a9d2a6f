/*
 * The assumed contract as data: what CARTO's three REST APIs are assumed to take and to answer. The rest of this package speaks the words
 * on the left; an override (contract-file.ts) changes the words on the right, which are those on the wire.
 */

/** One group of entries of a contract: the name here, and what it is on the wire. */
export type Entries = Readonly<Record<string, string | number>>;

/** How one API speaks. */
export interface ApiContract {
  /** Of the collection and of `one` resource, with `{id}`; below the trusted base URL. */
  readonly paths: Entries;
  readonly methods: Entries;
  /** Members of requests, answers and refusals, at every depth. */
  readonly members: Entries;
  /** Members of the answer that a listing is in. */
  readonly list: Entries;
  /** Names of the query parameters of a listing, the number of the first page, and the size asked for. */
  readonly paging: Entries;
  /** The status that has a meaning. */
  readonly statuses: Entries;
}

/** The contracts, by API. */
export type Contract = Readonly<Record<ApiName, ApiContract>>;

/** One of the APIs that have a contract. */
export type ApiName = "oauth-clients" | "applications" | "api-access-tokens";

const METHODS = { create: "POST", update: "PATCH" };

const PAGE = { data: "data", page: "page", page_size: "page_size", total: "total" };

const PAGING = { page: "page", page_size: "page_size", first: 1, size: 100 };

/** What each status means. 401, 429 and 5xx are HTTP's own, and the same for every API. */
export const STATUSES: Entries = {
  existed: 200,
  invalid_request: 400,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
};

/** Every API as this package assumes it; docs/*-api.yaml describe the same. */
export const ASSUMED: Contract = {
  "oauth-clients": {
    paths: { collection: "/credentials/oauth-clients", one: "/credentials/oauth-clients/{id}" },
    methods: METHODS,
    members: same(
      "client_id type title login_uri callbacks logout_urls web_origins allowed_origins owner_id created_at updated_at client_secret",
      "error description error_description issues path message",
    ),
    list: PAGE,
    paging: PAGING,
    statuses: STATUSES,
  },
  applications: {
    paths: { collection: "/applications", one: "/applications/{id}", groups: "/groups" },
    methods: METHODS,
    members: same(
      "application_id name description app_url thumbnail_url sharing scope groups pinned owner_id created_at updated_at",
      "error issues path message",
    ),
    list: PAGE,
    paging: { ...PAGING, owned: "owned" },
    statuses: STATUSES,
  },
  "api-access-tokens": {
    paths: { collection: "/v3/tokens", one: "/v3/tokens/{id}" },
    methods: METHODS,
    members: same(
      "token name grants connection_name source referers allowed_apis expiration_date owner_id created_at",
      "error issues path message",
    ),
    list: { data: "data" },
    paging: {},
    statuses: STATUSES,
  },
};

/** Members that an update may send: what a `PUT`, which replaces the whole, has to have. */
export const CHANGEABLE: Readonly<Record<ApiName, readonly string[]>> = {
  "oauth-clients": ["title", "login_uri", "callbacks", "logout_urls", "web_origins", "allowed_origins"],
  applications: ["name", "description", "app_url", "thumbnail_url", "sharing", "pinned"],
  "api-access-tokens": ["name", "grants", "allowed_apis", "referers"],
};

function same(...words: string[]): Record<string, string> {
  return Object.fromEntries(words.flatMap((text) => text.split(" ")).map((word) => [word, word]));
}
