import { spa } from "./dynamic.ts";

/** What the engine calls for the provider of SPA OAuth clients: see `__provider`. */
export const handler = (): typeof spa => spa;
