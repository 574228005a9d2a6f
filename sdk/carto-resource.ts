import * as pulumi from "@pulumi/pulumi";
import type { Kind, KindOf, Output } from "../kinds/kind.ts";
import { dynamicType, pluginType } from "../kinds/resource-type.ts";
import type { LocalSettings } from "../kinds/settings.ts";
import "./debug-messages.ts";
import { derivedInputs } from "./derived-inputs.ts";
import { declaredKey } from "./idempotency-key.ts";
import { startPlugin } from "./plugin-start.ts";
import { packageVersion, providerFace } from "./provider-face.ts";
import { replaceOnChanges } from "./replace-on-changes.ts";
import { providerText } from "./resource-type.ts";
import { review } from "./review.ts";
import { secretInputs } from "./secret-inputs.ts";
import { checkSettings } from "./stack-settings.ts";
import { withoutFrames } from "./stack-trace.ts";

/** A list may be given element by element. */
type Lifted<Value> = Value extends readonly (infer Element)[] ? pulumi.Input<Element>[] : Value;

/** What a resource of a kind takes: its inputs, each of which may be another resource's output. */
export type Args<Inputs> = {
  [Name in keyof Inputs]: pulumi.Input<
    Lifted<Exclude<Inputs[Name], undefined>> | (object extends Pick<Inputs, Name> ? undefined : never)
  >;
};

/** What a resource of a kind gives: CARTO's values are there whether or not they were set, the provider's own settings are not. */
export type Gives<Inputs, Outputs> = {
  readonly [Name in keyof Inputs]-?: pulumi.Output<
    Exclude<Inputs[Name], undefined> | (Name extends keyof LocalSettings ? undefined : never)
  >;
} & { readonly [Name in keyof Outputs]: pulumi.Output<Outputs[Name]> };

/** The class of a kind. */
export interface ResourceClass<Inputs, Outputs> {
  new (
    name: string,
    args: Args<Inputs>,
    options?: pulumi.CustomResourceOptions,
  ): CartoResource & Gives<Inputs, Outputs>;
  /**
   * Looks up an existing resource of the calling user, without managing it.
   *
   * @param id its ID at CARTO
   */
  get<Resource>(
    this: new (
      name: string,
      args: Args<Inputs>,
      options?: pulumi.CustomResourceOptions,
    ) => Resource,
    name: string,
    id: pulumi.Input<pulumi.ID>,
    options?: pulumi.CustomResourceOptions,
  ): Resource;
}

/** The class that declares resources of a kind, made from its table. */
export function resourceOf<Inputs extends object, Outputs extends object>(
  kind: KindOf<Inputs, Outputs>,
): ResourceClass<Inputs, Outputs> {
  class KindResource extends CartoResource {
    constructor(name: string, args: object | undefined, options?: pulumi.CustomResourceOptions, outputs?: boolean) {
      super(kind, name, args, options, outputs);
    }

    static get(name: string, id: pulumi.Input<pulumi.ID>, options?: pulumi.CustomResourceOptions) {
      return new this(name, undefined, { ...options, id });
    }
  }
  for (const [name, { id }] of Object.entries<Output>(kind.outputs)) {
    if (!id) continue;
    Object.defineProperty(KindResource.prototype, name, {
      get(this: CartoResource) {
        return this.id;
      },
    });
  }
  // Properties and outputs are set by the SDK, by the names in the table.
  return KindResource as unknown as ResourceClass<Inputs, Outputs>;
}

/** What the classes of all kinds have in common. */
export abstract class CartoResource extends pulumi.CustomResource {
  /**
   * @param args undefined: look up the resource whose ID is `options.id`
   * @param outputs whether the resource has outputs besides its ID, its secrets and what is declared
   */
  protected constructor(
    kind: Kind,
    name: string,
    args: object | undefined,
    options: pulumi.CustomResourceOptions = {},
    outputs = true,
  ) {
    const title = `${kind.className} ${JSON.stringify(name)}`;
    const isPlugin = providerFace() === "plugin";
    if (options.import !== undefined && !isPlugin) throw cannotImport(title);
    const replaceOn = replaceOnChanges(kind, title, options);
    if (args === undefined && options.id === undefined) {
      throw new pulumi.RunError(`${title}: the arguments are missing. Pass at least a name.`);
    }
    checkSettings();
    const [type, other] = isPlugin ? [pluginType(kind), dynamicType(kind)] : [dynamicType(kind), pluginType(kind)];
    const names = outputs ? registeredNames(kind) : [...Object.keys(args ?? {}), ...secretOutputs(kind, { ...args })];
    // Awaited before registration like any dependency, and so nothing is registered that the rules refuse. The SDK
    // comes to it late: until then Node would count a refusal as unhandled, and warn of it.
    const reviewed = async () => {
      if (args) await review(kind, title, args, () => this);
      return [];
    };
    const verdict = reviewed();
    verdict.catch(() => {});
    const declared = args === undefined ? {} : { ...args, ...derivedInputs(kind, { ...args }) };
    const restoreFrames = withoutFrames();
    try {
      super(
        type,
        name,
        {
          ...Object.fromEntries(names.map((property) => [property, undefined])),
          ...declared,
          ...secretInputs(declared),
          ...replaceOn,
          ...(args !== undefined && { __key: declaredKey(dynamicType(kind), name, options.parent) }),
          __provider: providerText(kind),
        },
        pulumi.mergeOptions(
          { ...options, replaceOnChanges: [] },
          {
            additionalSecretOutputs: secretOutputs(kind, { ...args }),
            dependsOn: verdict,
            // A stack may move from one face to the other and back: either takes over what the other has declared.
            aliases: [{ type: other }],
            ...(isPlugin && { version: packageVersion() }),
          },
        ),
      );
    } catch (error) {
      restoreFrames();
      if (error instanceof Error) Error.captureStackTrace(error); // it was thrown while none was made
      throw error;
    } finally {
      restoreFrames();
    }
    if (isPlugin) startPlugin(this, type, options);
    verdict.catch(() => expectFailure(this, ["id", ...names]));
  }
}

/** The engine asks a dynamic provider to read without the text that says who provides the resource. */
function cannotImport(title: string): pulumi.RunError {
  return new pulumi.RunError(
    `${title}: the resource option \`import\` does not work for dynamic providers. ` +
      "Take the resource under management with `pulumi-carto import`, then remove the option; or use the plugin, which imports: " +
      "`pulumi config set carto:provider plugin` (docs/languages.md).",
  );
}

/** A property is an output at once, whatever comes of it, only if it is named at registration. */
function registeredNames({ properties, outputs }: Kind): string[] {
  return [...Object.keys(properties), ...Object.keys(outputs).filter((name) => !outputs[name]?.id)];
}

/** What is made from an output is secret, too: whether that one is a secret shows only later. */
function secretOutputs({ outputs }: Kind, args: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(outputs).flatMap(([name, { secret, from }]) =>
    secret || (from !== undefined && pulumi.Output.isInstance(args[from])) ? [name] : [],
  );
}

/** What a program does with outputs that fail, it may do later. Until then Node would warn of each of their promises. */
function expectFailure(resource: object, properties: readonly string[]): void {
  for (const property of properties) {
    const output: Record<"isKnown" | "isSecret", Promise<boolean>> & {
      promise(): Promise<unknown>;
    } = Reflect.get(resource, property);
    void Promise.allSettled([output.promise(), output.isKnown, output.isSecret]);
  }
}
