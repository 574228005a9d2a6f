import { type DynamicProvider, dynamicProvider } from "./dynamic.ts";
import { processConnection } from "./process-connection.ts";

const m2m = dynamicProvider("m2m", processConnection);

/** The provider of M2M OAuth clients that the engine calls: see `__provider`. */
export const handler = (): DynamicProvider => m2m;
