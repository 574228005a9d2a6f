import type { StoredApplication } from "../kinds/application/application.ts";
import { application as kind } from "../kinds/application/index.ts";
import { type CheckedInputs, propertiesAtCarto } from "../kinds/inputs.ts";
import type { Properties } from "../kinds/kind.ts";
import type { ApplicationsApi } from "./applications-api.ts";
import type { NewApplication } from "./applications-wire.ts";
import type { Clock } from "./http.ts";
import type { Creation, ResourceApi } from "./resource-api.ts";
import { readUntil, SETTLING_MS } from "./settling.ts";

/** Applications as the lifecycle needs them. Their API honours idempotency keys, and listings hold all that a read does. */
export class ApplicationResources implements ResourceApi {
  readonly keyed: boolean;
  readonly listsWhole = true;
  readonly #api: ApplicationsApi;
  readonly #clock: Pick<Clock, "now" | "sleep">;

  /** @param keyed whether the API is said to honour keys */
  constructor(api: ApplicationsApi, clock: Pick<Clock, "now" | "sleep">, keyed: boolean) {
    this.#api = api;
    this.#clock = clock;
    this.keyed = keyed;
  }

  get(id: string): Promise<StoredApplication | undefined> {
    return this.#api.get(id);
  }

  async create(inputs: CheckedInputs, key: string | undefined): Promise<Creation> {
    const started = this.#clock.now();
    // Checked: every property at CARTO is there.
    const declared = propertiesAtCarto(kind, inputs) as NewApplication;
    const created = await this.#api.create(declared, this.keyed ? key : undefined);
    if ("takenBy" in created) {
      const { takenBy, cause } = created;
      const settled = this.#clock.now() + SETTLING_MS;
      const resource = await readUntil(
        () => this.#api.get(takenBy),
        this.#clock,
        settled,
        (found) => found !== undefined,
      );
      if (resource === undefined) throw cause;
      return { resource, existed: true, repeated: false };
    }
    const { application, existed, repeated } = created;
    const twins = repeated && !existed ? await this.#twinsOf(application, this.#clock.now() - started) : [];
    return { resource: application, existed, repeated, twins };
  }

  update(id: string, change: Properties): Promise<StoredApplication> {
    return this.#api.update(id, change);
  }

  delete(id: string): Promise<boolean> {
    return this.#api.delete(id);
  }

  /** As for OAuth clients: whether CARTO honours keys is assumed. */
  async #twinsOf(application: StoredApplication, tookMs: number): Promise<StoredApplication[]> {
    const looks = (found: StoredApplication) => JSON.stringify(propertiesAtCarto(kind, found));
    // Only a warning is at stake: the application is there, and must get into the state.
    const listed = await this.#api.list().catch(() => []);
    return listed.filter(
      (found) =>
        found.id !== application.id &&
        looks(found) === looks(application) &&
        Math.abs(Date.parse(found.createdAt) - Date.parse(application.createdAt)) <= tookMs,
    );
  }
}
