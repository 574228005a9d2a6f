import type { StoredApplication } from "../kinds/application/application.ts";
import { application as kind } from "../kinds/application/index.ts";
import { type CheckedInputs, propertiesAtCarto } from "../kinds/inputs.ts";
import type { Properties } from "../kinds/kind.ts";
import type { ApplicationsApi } from "./applications-api.ts";
import type { NewApplication } from "./applications-wire.ts";
import type { Clock } from "./http.ts";
import { createOnce } from "./keyed-create.ts";
import type { Creation, ResourceApi } from "./resource-api.ts";

/** Applications, as the lifecycle uses them. Their API honours idempotency keys, and listings hold all that a read does. */
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

  create(inputs: CheckedInputs, key: string | undefined): Promise<Creation> {
    // Checked: every property at CARTO is there.
    const declared = propertiesAtCarto(kind, inputs) as NewApplication;
    const create = () => this.#api.create(declared, this.keyed ? key : undefined);
    const api = { create, get: (id: string) => this.#api.get(id), list: () => this.#api.list() };
    return createOnce(() => "application", api, this.#clock);
  }

  update(id: string, change: Properties): Promise<StoredApplication> {
    return this.#api.update(id, change);
  }

  delete(id: string): Promise<boolean> {
    return this.#api.delete(id);
  }
}
