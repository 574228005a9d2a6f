import { outsideText } from "../kinds/visible-text.ts";
import { Connection } from "./connection.ts";

/** The connection of a process that serves a single one, as the SDK's host of dynamic providers does. */
export const processConnection = new Connection({
  environment: process.env,
  // What a provider writes to stderr, the engine shows as a diagnostic.
  warn: (warning) => process.stderr.write(`warning: ${outsideText(warning)}\n`),
});
