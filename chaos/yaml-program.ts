import { stringify } from "yaml";
import { KINDS } from "../kinds/index.ts";
import { pluginType } from "../kinds/resource-type.ts";
import type { Declaration } from "./schedule.ts";

/** A project in YAML that declares these clients: the plugin provides them. Its one file, by path. */
export function yamlProgram(declared: Declaration): Record<string, string> {
  const resources = Object.entries(declared).map(([logicalName, { kind, was, ...properties }]) => {
    const type = pluginType(KINDS[kind]);
    const aliases = was === undefined ? [] : [`urn:pulumi:test::test::${type}::${was}`];
    return [logicalName, { type, properties, options: { aliases } }] as const;
  });
  return { "Pulumi.yaml": stringify({ name: "test", runtime: "yaml", resources: Object.fromEntries(resources) }) };
}
