import { type DynamicProvider, dynamicProvider } from "./dynamic.ts";
import { processConnection } from "./process-connection.ts";

const spa = dynamicProvider("spa", processConnection);

/** The provider of SPA OAuth clients that the engine calls: see `__provider`. */
export const handler = (): DynamicProvider => spa;
