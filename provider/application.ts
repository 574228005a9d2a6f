import { type DynamicProvider, dynamicProvider } from "./dynamic.ts";
import { processConnection } from "./process-connection.ts";

const application = dynamicProvider("application", processConnection);

/** The provider of applications that the engine calls: see `__provider`. */
export const handler = (): DynamicProvider => application;
