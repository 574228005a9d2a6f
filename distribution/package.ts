/*
 * The last step of `npm run build`: the modules that the package exports and runs as few files, in place of the several hundred that Node
 * would look for at every start. Their declarations stay as they are.
 */
import { globSync } from "node:fs";
import { chmod, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { bundle } from "./bundle.ts";

const REPOSITORY = join(import.meta.dirname, "..");
const DIST = join(REPOSITORY, "dist");
/** By itself: it has to prepare the SDK before anything loads it, which no file that it shared with others would wait for. */
const COMMAND = "cli/main";
/** What prepares the SDK. */
const LEAN_SDK = "deployment/lean-sdk";
/** The SDK is the one that programs have; the others are loaded by few runs. */
const EXTERNAL = [
  "@pulumi/pulumi",
  "@grpc/grpc-js",
  "google-protobuf",
  "undici",
  "oidc-provider",
  "sql-query-identifier",
  "tldts",
  "unhomoglyph",
];

interface Manifest {
  exports: Record<string, string | { default: string }>;
  bin: Record<string, string>;
}

const { exports, bin }: Manifest = JSON.parse(await readFile(join(REPOSITORY, "package.json"), "utf8"));
const exported = Object.values(exports).flatMap((target) => (typeof target === "string" ? [] : [target.default]));
const modules = [...exported, ...Object.values(bin)].map((path) => path.replace(/^(\.\/)?dist\/|\.js$/g, ""));
const source = (path: string) => join(REPOSITORY, `${path}.ts`);

for (const file of globSync("**/*.js", { cwd: DIST })) if (file !== `${LEAN_SDK}.js`) await rm(join(DIST, file));
await bundle({
  input: Object.fromEntries(modules.filter((path) => path !== COMMAND).map((path) => [path, source(path)])),
  target: DIST,
  external: EXTERNAL,
});
await bundle({
  input: { main: source(COMMAND) },
  target: join(DIST, "cli"),
  external: EXTERNAL,
  paths: { [source(LEAN_SDK)]: `../${LEAN_SDK}.js` },
});
// npm sets it only when it installs.
for (const path of Object.values(bin)) await chmod(join(REPOSITORY, path), 0o755);
