/*
 * Checks the Node version and handles errors; imported first, so it uses only what an older Node supports.
 */

import { guard } from "./context/terminal.ts";

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 22 || (major === 22 && minor < 19)) {
  process.stderr.write(`pulumi-carto: Node ${process.versions.node} is too old. Use Node 22.19 or newer.\n`);
  process.exit(1);
}

guard(process.stdout);
guard(process.stderr);

// `pulumi-carto … | head` closes the pipe when it has seen enough: that is not an error.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit();
  throw error;
});
