import type { StoredApplication } from "../kinds/application/application.ts";
import { nearestName } from "../kinds/nearest-name.ts";
import {
  type NewApplication,
  propertyOf,
  toModel,
  toWire,
  WireApplication,
  WireError,
  WireGroups,
  WirePage,
  WireSharing,
} from "./applications-wire.ts";
import type { CartoError } from "./errors.ts";
import { type RefusalTexts, refusalError } from "./refusal.ts";
import { type ApiPlace, type Refused, RestApi } from "./rest-api.ts";

/*
 * CARTO's REST API for applications: this file knows its paths and methods, applications-wire.ts its members, and no other file knows
 * either. CARTO publishes no reference for it: both are assumed, and written down in docs/applications-api.yaml.
 */

const UNKNOWN_GROUP = /^sharing\.groups\[(\d+)\]$/;

/** The calls on applications, for the calling user. All throw what {@link RestApi.call} throws as well. */
export class ApplicationsApi {
  readonly #api: RestApi;

  constructor(place: ApiPlace) {
    const contract = "docs/applications-api.yaml";
    this.#api = new RestApi({ ...place, api: "applications", contract, refusal: (refused) => this.#refusal(refused) });
  }

  /** All that the calling user owns, oldest first: one call per 100. */
  async list(): Promise<StoredApplication[]> {
    const owned = `${this.#api.parameter("owned")}=true&`;
    return (await this.#api.list("Listing applications", WirePage, ({ application_id: id }) => id, owned)).map(toModel);
  }

  /** @returns undefined when the calling user sees no such application */
  async get(id: string): Promise<StoredApplication | undefined> {
    const application = await this.#api.get(`Reading application ${id}`, id, WireApplication);
    return application && toModel(application);
  }

  /**
   * @param key the idempotency key; undefined where the API is said not to honour one
   * @throws CartoError `conflict` When the key created an application that was declared otherwise; it names that application.
   * @throws CartoError `create_unconfirmed` When the answer was lost and nothing says whether the application exists.
   */
  async create(
    application: NewApplication,
    key: string | undefined,
  ): Promise<{ created: StoredApplication; existed: boolean; repeated: boolean }> {
    const body = Object.fromEntries(Object.entries(toWire(application)).filter(([, value]) => value !== null));
    const create = {
      subject: `Creating the application ${JSON.stringify(application.name)}`,
      body: JSON.stringify(body),
      schema: WireApplication,
      noun: "application",
      search: "in the Workspace",
    };
    const { created, ...how } = await this.#api.create(create, key);
    return { created: toModel(created), ...how };
  }

  /**
   * @throws CartoError `not_found` When the calling user sees no such application; `forbidden` When it sees it and does not own it.
   */
  async update(id: string, change: Partial<NewApplication>): Promise<StoredApplication> {
    return toModel(await this.#api.update(`Updating application ${id}`, id, toWire(change), WireApplication));
  }

  /**
   * @returns whether there was such an application that the calling user sees
   * @throws CartoError `forbidden` When the calling user does not own it.
   */
  delete(id: string): Promise<boolean> {
    return this.#api.delete(`Deleting application ${id}`, id);
  }

  async #refusal(refused: Refused): Promise<CartoError> {
    const wire = WireError.safeParse(refused.answer.body);
    const { application_id: existingId, issues = [] } = wire.success ? wire.data : {};
    const sent = WireSharing.safeParse(refused.sent);
    const groups = sent.success ? sent.data.sharing.groups : [];
    const isUnknown = groups.length > 0 && issues.some(({ path }) => UNKNOWN_GROUP.test(path));
    const known = isUnknown ? await this.groups().catch(() => []) : [];
    return refusalError(refused, TEXTS, {
      ...(refused.answer.status === 409 && { existingId }),
      hint: (path) => meant(path, groups, known),
    });
  }

  /** Names of the groups of the organization. */
  async groups(): Promise<string[]> {
    const subject = "Listing groups";
    const answer = await this.#api.call({ subject, method: "GET", url: this.#api.urlAt("groups"), repeatable: true });
    return this.#api.parse(WireGroups, answer, subject).data.map(({ name }) => name);
  }
}

const TEXTS: RefusalTexts = {
  noApi: (apiUrl) =>
    `there is no applications API at ${apiUrl} (404). Check carto:credentialsUrl, or unset it to have it discovered.`,
  words: {
    forbidden:
      "the calling user may not do this (403). Editors and above create applications, and only the owner changes or deletes one.",
    not_found:
      "the calling user sees no such application (404). It was deleted, or belongs to another user. After a deletion run `pulumi refresh`.",
  },
  propertyOf,
};

/** The group that was probably meant. */
function meant(path: string, groups: readonly string[], known: readonly string[]): string {
  const index = UNKNOWN_GROUP.exec(path)?.[1];
  const name = index === undefined ? undefined : groups[Number(index)];
  if (name === undefined) return "";
  const near = nearestName(name, known);
  return ` (${JSON.stringify(name)}${near === undefined ? "" : `; write ${JSON.stringify(near)}`})`;
}
