import { m2m } from "./dynamic.ts";

/** What the engine calls for the provider of M2M OAuth clients: see `__provider`. */
export const handler = (): typeof m2m => m2m;
