import { type DynamicProvider, dynamicProvider } from "./dynamic.ts";
import { processConnection } from "./process-connection.ts";

const token = dynamicProvider("api-access-token", processConnection);

/** The provider of API Access Tokens that the engine calls: see `__provider`. */
export const handler = (): DynamicProvider => token;
