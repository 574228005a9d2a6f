import { type DynamicProvider, dynamicProvider } from "./dynamic.ts";
import { processConnection } from "./process-connection.ts";

const m2m = dynamicProvider("m2m", processConnection);

/** What the engine calls for the provider of M2M OAuth clients: see `__provider`. */
export const handler = (): DynamicProvider => m2m;
