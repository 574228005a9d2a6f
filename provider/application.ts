import { type DynamicProvider, dynamicProvider } from "./dynamic.ts";
import { processConnection } from "./process-connection.ts";

const application = dynamicProvider("application", processConnection);

/** What the engine calls for the provider of applications: see `__provider`. */
export const handler = (): DynamicProvider => application;
