import type { CheckedInputs } from "../kinds/inputs.ts";
import type { Properties } from "../kinds/kind.ts";
import type { Listing } from "./listing.ts";

/** A resource as CARTO stores it: its ID, and its properties and outputs by the names of its kind. */
export interface StoredResource {
  id: string;
  name: string;
  ownerId: string;
  /** RFC 3339; undefined if CARTO does not say, like the next one. */
  createdAt: string | undefined;
  updatedAt?: string | undefined;
}

/** What the state holds of a resource, as far as a call needs it. */
export interface Known {
  name?: string | undefined;
  [property: string]: unknown;
}

/** What came of a create. */
export interface Creation {
  /** With its secret. */
  resource: StoredResource;
  /** Whether it had been created under this key before. */
  existed: boolean;
  /** Whether an earlier attempt of the request may have created one, too: its answer was lost. */
  repeated: boolean;
  /** What an earlier attempt seems to have created in addition. */
  twins?: StoredResource[];
}

/** The resources of one kind at CARTO, for the calling user, as the lifecycle uses them. */
export interface ResourceApi {
  /** Whether a create needs a key, without which it might be carried out twice. */
  readonly keyed: boolean;
  /** Whether a listing holds all that a read does: then no resource is read by itself that is listed. */
  readonly listsWhole: boolean;
  /**
   * @returns with its secret; undefined when the calling user has no such resource
   * @throws CartoError `invalid_request` When it is of another kind.
   */
  get(id: string, known: Known): Promise<StoredResource | undefined>;
  /**
   * Creates the resource, or finds the one that was created under this key.
   *
   * @param key undefined where none is needed and the stack has no identity
   */
  create(inputs: CheckedInputs, key: string | undefined): Promise<Creation>;
  /** @throws CartoError `not_found` When the calling user has no such resource. */
  update(id: string, change: Properties, known: Known): Promise<StoredResource>;
  /** @returns whether there was such a resource of the calling user */
  delete(id: string, known: Known): Promise<boolean>;
}

/** The resources of one kind, and the listing that all reads of a run share. */
export interface ResourceService {
  api(): Promise<ResourceApi>;
  listing: Listing<StoredResource>;
}
