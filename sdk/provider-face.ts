import { createRequire } from "node:module";
import * as pulumi from "@pulumi/pulumi";
import { FACE_SETTING } from "../carto/settings.ts";

/** Which provider serves a program's resources: the engine's dynamic provider, or the plugin `carto`. */
export type ProviderFace = "dynamic" | "plugin";

/**
 * The face that the stack configuration chooses with `carto:provider`. Unset: `dynamic`, whatever plugins there are on PATH: only
 * who asks for the plugin needs one.
 *
 * @throws pulumi.RunError When it is anything else.
 */
export function providerFace(): ProviderFace {
  const face = new pulumi.Config("carto").get(FACE_SETTING) ?? "dynamic";
  if (face === "dynamic" || face === "plugin") return face;
  throw new pulumi.RunError(`carto:${FACE_SETTING} is ${JSON.stringify(face)}: write "dynamic" or "plugin".`);
}

/** Version of this package, and so of the plugin that goes with it. */
export function packageVersion(): string {
  const { version }: { version: string } = createRequire(import.meta.url)("pulumi-carto/package.json");
  return version;
}
