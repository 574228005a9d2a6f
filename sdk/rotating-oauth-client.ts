import * as pulumi from "@pulumi/pulumi";
import { M2mOAuthClient, type M2mOAuthClientArgs, SpaOAuthClient, type SpaOAuthClientArgs } from "./resources.ts";

/** Which generations there are. */
interface Generations {
  /** Any text that was not used before, e.g. `"2026-07"`. A change creates a client next to the previous one. */
  current: string;
  /** The generation that users and services still move away from. Unset: none; dropping it deletes its client. */
  previous?: string | undefined;
}

/** `client` is what both generations are declared with, apart from what rotation decides. */
export type RotatingOAuthClientArgs = Generations &
  (
    | { kind: "spa"; client: Omit<SpaOAuthClientArgs, "rotationTrigger"> }
    | { kind: "m2m"; client: Omit<M2mOAuthClientArgs, "rotationTrigger"> }
  );

/**
 * An OAuth client that is rotated while both generations work: the generations `current` and `previous` are two clients, both usable, until
 * `previous` is dropped.
 *
 * 1. `current: "a"`: one client.
 * 2. `current: "b", previous: "a"`: a second client; the first stays as it is. Move users and services.
 * 3. `current: "b"`: the first client is deleted.
 *
 * At CARTO a client's name ends with its generation, `Web (2026-07)`. The previous one has no deletion protection: it is
 * there to be dropped.
 */
export class RotatingOAuthClient extends pulumi.ComponentResource {
  /** Client ID of the current generation. */
  declare public readonly clientId: pulumi.Output<string>;
  /** Client secret of the current generation: always a Pulumi secret. */
  declare public readonly clientSecret: pulumi.Output<string>;
  /** Client ID of the previous generation; undefined if there is none. */
  declare public readonly previousClientId: pulumi.Output<string | undefined>;
  /** Client secret of the previous generation, always a Pulumi secret; undefined if there is none. */
  declare public readonly previousClientSecret: pulumi.Output<string | undefined>;

  /** @throws RunError When both generations have the same name. */
  constructor(name: string, args: RotatingOAuthClientArgs, options?: pulumi.ComponentResourceOptions) {
    const { current, previous } = args;
    if (current === previous) {
      throw new pulumi.RunError(
        `RotatingOAuthClient ${JSON.stringify(name)}: current and previous are both ${JSON.stringify(current)}. Give the new generation a different name, or remove previous.`,
      );
    }
    super("carto:RotatingOAuthClient", name, {}, options);
    const declare = (generation: string, protection: object): SpaOAuthClient | M2mOAuthClient => {
      const ownName = pulumi.interpolate`${args.client.name} (${generation})`;
      const [child, own] = [`${name}-${generation}`, { parent: this }];
      return args.kind === "spa"
        ? new SpaOAuthClient(child, { ...args.client, ...protection, name: ownName }, own)
        : new M2mOAuthClient(child, { ...args.client, ...protection, name: ownName }, own);
    };
    const currentClient = declare(current, {});
    const previousClient = previous === undefined ? undefined : declare(previous, { deletionProtection: false });
    const outputs = {
      clientId: currentClient.clientId,
      clientSecret: currentClient.clientSecret,
      previousClientId: previousClient?.clientId ?? pulumi.output(undefined),
      previousClientSecret: previousClient?.clientSecret ?? pulumi.output(undefined),
    };
    Object.assign(this, outputs);
    this.registerOutputs(outputs);
  }
}
