import { type DynamicProvider, dynamicProvider } from "./dynamic.ts";
import { processConnection } from "./process-connection.ts";

const token = dynamicProvider("api-access-token", processConnection);

/** What the engine calls for the provider of API Access Tokens: see `__provider`. */
export const handler = (): DynamicProvider => token;
