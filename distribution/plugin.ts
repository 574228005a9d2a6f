import { join } from "node:path";
import { packPlugin } from "./plugin-package.ts";

/* `npm run plugin` makes the archives of the plugin `carto`, and says how to install one. */

const { version, archives } = await packPlugin(join(import.meta.dirname, "../.pulumi-carto/plugin"));
for (const archive of archives) console.log(archive);
console.log(`Install one with: pulumi plugin install resource carto ${version} --file ARCHIVE`);
