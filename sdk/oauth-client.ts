import * as pulumi from "@pulumi/pulumi";
import { KINDS, type KindId } from "../kinds/index.ts";
import type { Policy } from "../kinds/policy.ts";
import type { Excuse } from "../kinds/settings.ts";
import "./debug-messages.ts";
import { clientType, providerText } from "./client-resource.ts";
import { idempotencyKey } from "./idempotency-key.ts";
import { review } from "./review.ts";
import { withoutFrames } from "./stack-trace.ts";

/** What both kinds of OAuth client take. */
export interface OAuthClientArgs {
  /** Informative, not unique: 1-255 characters without `<` and `>`. A change updates in place. */
  name: pulumi.Input<string>;
  /**
   * While true, the client can be neither deleted nor replaced. Unset: `false`, under the production policy `true`.
   * To lift it takes an `up` of its own.
   */
  deletionProtection?: pulumi.Input<boolean | undefined>;
  /**
   * Any text. A change **replaces** the client: a new one with a new client ID and secret is created, dependents take
   * them, then the old one is deleted. Unset: never.
   */
  rotationTrigger?: pulumi.Input<string | undefined>;
  /** `"production"` turns dangerous URLs into failures. Unset: `carto:policy`, else `"standard"`. */
  policy?: pulumi.Input<Policy | undefined>;
  /** Excuses single findings under the production policy, each with a reason. Unset: none. */
  allow?: pulumi.Input<pulumi.Input<Excuse>[] | undefined>;
}

/** A property is an output at once, whatever comes of it, only if it is named at registration. */
const PROPERTIES = [
  ...["name", "clientSecret", "ownerId", "createdAt", "updatedAt"],
  ...["deletionProtection", "rotationTrigger", "policy", "allow"],
];

/** What both kinds give. */
export abstract class OAuthClientResource extends pulumi.CustomResource {
  declare public readonly name: pulumi.Output<string>;
  /** Always a Pulumi secret. */
  declare public readonly clientSecret: pulumi.Output<string>;
  /** `user_id` of the user whose credentials created the client: only that user sees it. */
  declare public readonly ownerId: pulumi.Output<string>;
  /** RFC 3339 */
  declare public readonly createdAt: pulumi.Output<string>;
  /** RFC 3339 */
  declare public readonly updatedAt: pulumi.Output<string>;
  declare public readonly deletionProtection: pulumi.Output<boolean | undefined>;
  declare public readonly rotationTrigger: pulumi.Output<string | undefined>;
  declare public readonly policy: pulumi.Output<Policy | undefined>;
  declare public readonly allow: pulumi.Output<Excuse[] | undefined>;

  /**
   * @param properties those that only this kind has
   * @param args undefined: look up the client whose ID is `options.id`
   */
  protected constructor(
    kind: KindId,
    properties: readonly string[],
    name: string,
    args: object | undefined,
    options: pulumi.CustomResourceOptions = {},
  ) {
    const title = `${KINDS[kind].className} ${JSON.stringify(name)}`;
    if (options.import !== undefined) {
      throw new pulumi.RunError(
        `${title}: the resource option \`import\` does not work for dynamic providers. ` +
          "Take the client under management with `pulumi-carto import`, then remove the option.",
      );
    }
    if (args === undefined && options.id === undefined) {
      throw new pulumi.RunError(`${title}: the arguments are missing. Pass at least a name.`);
    }
    const type = clientType(kind);
    // Awaited before registration like any dependency, and so nothing is registered that the rules refuse. The SDK
    // comes to it late: until then Node would count a refusal as unhandled, and warn of it.
    const reviewed = async () => {
      if (args) await review(kind, title, args, () => this);
      return [];
    };
    const verdict = reviewed();
    verdict.catch(() => {});
    const restoreFrames = withoutFrames();
    try {
      super(
        type,
        name,
        {
          ...Object.fromEntries([...PROPERTIES, ...properties].map((property) => [property, undefined])),
          ...args,
          ...(args !== undefined && { __key: idempotencyKey(type, name, options.parent) }),
          __provider: providerText(kind),
        },
        pulumi.mergeOptions(options, { additionalSecretOutputs: ["clientSecret"], dependsOn: verdict }),
      );
    } catch (error) {
      restoreFrames();
      if (error instanceof Error) Error.captureStackTrace(error); // it was thrown while none was made
      throw error;
    } finally {
      restoreFrames();
    }
    verdict.catch(() => expectFailure(this, ["id", ...PROPERTIES, ...properties]));
  }

  /** The resource's ID; the state holds it once. */
  get clientId(): pulumi.Output<string> {
    return this.id;
  }
}

/** What a program does with outputs that fail, it may do later. Until then Node would warn of each of their promises. */
function expectFailure(resource: object, properties: readonly string[]): void {
  for (const property of properties) {
    const output = Reflect.get(resource, property) as Record<"isKnown" | "isSecret", Promise<boolean>> & {
      promise(): Promise<unknown>;
    };
    void Promise.allSettled([output.promise(), output.isKnown, output.isSecret]);
  }
}
