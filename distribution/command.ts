/* The last step of `npm run build`: the command as few files, in place of the several hundred that Node would look for at every start. */
import { chmod } from "node:fs/promises";
import { join } from "node:path";
import { bundle } from "./bundle.ts";

const REPOSITORY = join(import.meta.dirname, "..");
const target = join(REPOSITORY, "dist/cli");

await bundle({
  input: join(REPOSITORY, "cli/main.ts"),
  target,
  // The SDK is the one that programs have, and prepared by lean-sdk.ts before it is loaded; what few commands load stays where it is, too.
  external: [
    "@pulumi/pulumi",
    "@grpc/grpc-js",
    "google-protobuf",
    "undici",
    "oidc-provider",
    "sql-query-identifier",
    "tldts",
    "unhomoglyph",
  ],
  paths: { [join(REPOSITORY, "deployment/lean-sdk.ts")]: "../deployment/lean-sdk.js" },
});
await chmod(join(target, "main.js"), 0o755); // npm sets it only when it installs
