import { SETTING_TABLE } from "../carto/settings.ts";
import { KIND_IDS, KINDS } from "../kinds/index.ts";
import type { Kind, Property } from "../kinds/kind.ts";
import { dynamicType, idName, lookupFunction, pluginType } from "../kinds/resource-type.ts";
import { type PropertySpec, ShapeTypes } from "./shape-types.ts";

/** What of `package.json` the schema needs. */
export interface PackageFacts {
  version: string;
  /** Unset until the package is published. */
  repository?: { url: string };
}

/**
 * The schema of the package, for the engine and the SDK generators, made from the tables of kinds and settings.
 *
 * @see https://www.pulumi.com/docs/iac/guides/building-extending/packages/schema/
 */
export function packageSchema({ version, repository }: PackageFacts): object {
  const types = new ShapeTypes();
  const settings = mapOf(SETTING_TABLE, ({ description, type = "string", secret }) => ({
    type,
    description: `${description}.`,
    ...(secret && { secret }),
  }));
  const kinds: Kind[] = KIND_IDS.map((id) => KINDS[id]);
  const resources = Object.fromEntries(kinds.map((kind) => [pluginType(kind), resourceSpec(kind, types)]));
  const functions = Object.fromEntries(kinds.map((kind) => [lookupFunction(kind), lookupSpec(kind, types)]));
  return {
    name: "carto",
    version,
    displayName: "CARTO",
    description: "CARTO's OAuth clients, API Access Tokens and applications as code.",
    keywords: ["carto", "oauth", "category/infrastructure", "kind/native"],
    license: "Apache-2.0",
    ...(repository && { pluginDownloadURL: downloadUrl(repository.url) }),
    meta: { moduleFormat: "(.*)" },
    language: {
      nodejs: { packageName: "pulumi-carto", respectSchemaVersion: true }, // code that `pulumi import` generates uses our classes
      python: { packageName: "pulumi_carto", respectSchemaVersion: true, pyproject: { enabled: true } },
      go: {
        importBasePath: "example.com/pulumi-carto/sdk/go/carto", // until there is a repository
        respectSchemaVersion: true,
        generateResourceContainerTypes: false,
      },
    },
    config: { variables: settings },
    provider: { description: "One CARTO tenant and user.", inputProperties: settings },
    types: types.specs,
    resources,
    functions,
  };
}

/** Where the engine looks for the plugin: in the releases of a repository at GitHub. */
function downloadUrl(url: string): string {
  const [, path = ""] = /github\.com[/:]([^/]+\/[^/.]+)/.exec(url) ?? [];
  return `github://api.github.com/${path}`;
}

function resourceSpec(kind: Kind, types: ShapeTypes) {
  const inputs = mapOf(kind.properties, (property, name) => inputSpec(kind, name, property, types));
  const given = Object.keys(kind.properties).filter((name) => alwaysSet(kind.properties[name]));
  return {
    description: `A CARTO ${kind.title}.`,
    inputProperties: inputs,
    requiredInputs: Object.keys(kind.properties).filter((name) => kind.properties[name]?.required),
    properties: { ...inputs, ...outputSpecs(kind) },
    required: [...given, ...Object.keys(kind.outputs).filter((name) => kind.outputs[name]?.id)],
    // A stack that declares it through the dynamic provider is taken over.
    aliases: [{ type: dynamicType(kind) }],
  };
}

/** Whether the output is always there: an optional property that reaches CARTO is derived where it is left out. */
function alwaysSet(property: Property | undefined): boolean {
  return property !== undefined && (property.required === true || (!property.local && property.derive !== undefined));
}

function inputSpec(kind: Kind, name: string, property: Property, types: ShapeTypes): PropertySpec {
  const { description, unset, change, shape } = property;
  const sentences = [
    description,
    unset && `Unset: ${unset}`,
    change === "replaces" && "A change replaces the resource",
  ];
  return {
    ...types.of(shape, `${kind.className}${name.charAt(0).toUpperCase()}${name.slice(1)}`),
    description: `${sentences.filter(Boolean).join(". ")}.`,
  };
}

function outputSpecs({ outputs }: Kind): Record<string, PropertySpec> {
  return mapOf(outputs, ({ description, secret }) => ({
    type: "string",
    description: `${description}.`,
    ...(secret && { secret }),
  }));
}

function lookupSpec(kind: Kind, types: ShapeTypes) {
  const id = idName(kind);
  const idSpec = { type: "string", description: `ID of the ${kind.noun}.` };
  const { properties } = resourceSpec(kind, types);
  return {
    description: `Looks up a CARTO ${kind.title} of the calling user, without managing it.`,
    inputs: { properties: { [id]: idSpec }, required: [id] },
    outputs: {
      properties: { ...properties, [id]: idSpec },
      required: [...resourceSpec(kind, types).required, id].filter((name, at, all) => all.indexOf(name) === at),
    },
  };
}

function mapOf<T, U>(members: Readonly<Record<string, T>>, make: (value: T, name: string) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(members).map(([name, value]) => [name, make(value, name)]));
}
