import { outsideText } from "../kinds/visible-text.ts";
import { Connection } from "./connection.ts";
import { parentEngine } from "./parent-engine.ts";

const engine = parentEngine();

/** The connection of a process that serves one engine, as the SDK's host of dynamic providers does. */
export const processConnection = new Connection({
  environment: process.env,
  engine: {
    ...engine,
    isAlive() {
      const alive = engine.isAlive();
      if (!alive) setImmediate(() => process.exit(1)); // no call will follow, and nothing else ends it
      return alive;
    },
  },
  // What a provider writes to stderr, the engine shows as a diagnostic.
  warn: (warning) => process.stderr.write(`warning: ${outsideText(warning)}\n`),
});

/*
 * The SDK's host prints what check, diff, read and delete throw, `name: message: stack`, and hands it to the engine, which prints
 * it, too. The stack of what is ours is empty, so it is passed once.
 */
const print = console.error;
console.error = (...texts: unknown[]) => {
  if (!(texts.length === 1 && /^CartoError: [\s\S]*: $/.test(String(texts[0])))) print(...texts);
};
