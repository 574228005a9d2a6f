import type { KindId } from "./index.ts";

/** A resource of any kind as CARTO has it, whether or not a stack manages it: these members, and its properties and outputs by name. */
export interface ExistingResource {
  kind: KindId;
  /** Empty if CARTO does not say what the ID is made from: a token that a listing leaves out. */
  id: string;
  /** Without what makes it unique at CARTO: as it would be declared. */
  name: string;
  /** Undefined if CARTO does not say, like the next one. */
  ownerId?: string | undefined;
  /** RFC 3339 */
  createdAt?: string | undefined;
}
