import { outsideText } from "../kinds/visible-text.ts";
import { Connection } from "./connection.ts";
import { parentEngine } from "./parent-engine.ts";

const engine = parentEngine();

/** The connection of a process that serves a single one, as the SDK's host of dynamic providers does. */
export const processConnection = new Connection({
  environment: process.env,
  engine: {
    ...engine,
    isAlive() {
      const alive = engine.isAlive();
      if (!alive) setImmediate(() => process.exit(1)); // nobody will call again, or end it
      return alive;
    },
  },
  // What a provider writes to stderr, the engine shows as a diagnostic.
  warn: (warning) => process.stderr.write(`warning: ${outsideText(warning)}\n`),
});
