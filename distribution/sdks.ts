import { buildSdks } from "./sdk-packages.ts";

/*
 * `npm run sdks` makes the Python and Go packages of the plugin from its schema, and installs Python's into an environment of its
 * own. What is made stays out of git.
 */

process.exitCode = (await buildSdks((line) => console.log(line))) ? 0 : 1;
