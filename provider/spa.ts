import { type DynamicProvider, dynamicProvider } from "./dynamic.ts";
import { processConnection } from "./process-connection.ts";

const spa = dynamicProvider("spa", processConnection);

/** What the engine calls for the provider of SPA OAuth clients: see `__provider`. */
export const handler = (): DynamicProvider => spa;
