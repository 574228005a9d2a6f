import * as pulumi from "@pulumi/pulumi";
import { adviseLogin } from "../kinds/application/login.ts";
import { failureText } from "../kinds/failure.ts";
import { isRecord } from "../kinds/input-reader.ts";
import { isRegularWeb, REGULAR_WEB } from "../kinds/oauth-client/regular-web.ts";
import {
  Application,
  type ApplicationArgs,
  M2mOAuthClient,
  type M2mOAuthClientArgs,
  SpaOAuthClient,
  type SpaOAuthClientArgs,
} from "./resources.ts";
import { knownParts } from "./review.ts";

/** How the application logs its users in. */
type Login =
  | {
      /** A browser app whose users log in. */
      type?: "spa";
      /** What its OAuth client has other than by default: name, login URL and lists. Unset: nothing. */
      client?: Partial<SpaOAuthClientArgs>;
    }
  | {
      /** A service without a human user. */
      type: "m2m";
      /** What its OAuth client has other than by default, for example its name. Unset: nothing. */
      client?: Partial<M2mOAuthClientArgs>;
    };

/** What an application takes, and what its OAuth client has other than by default. */
export type SpaApplicationArgs = ApplicationArgs & Login;

/**
 * An application and the OAuth client that logs its users in, declared from one App URL, as in CARTO's older form: the App URL is the login
 * URL and the callback URL as well, unless `client` says otherwise. Name, deletion protection and policy hold for both.
 *
 * `type: "m2m"` makes an M2M OAuth client, which needs no URL.
 *
 * @see CARTO user manual, "Managing Applications"
 */
export class SpaApplication extends pulumi.ComponentResource {
  declare public readonly applicationId: pulumi.Output<string>;
  declare public readonly clientId: pulumi.Output<string>;
  /** Always a Pulumi secret. */
  declare public readonly clientSecret: pulumi.Output<string>;
  declare public readonly application: Application;
  declare public readonly client: SpaOAuthClient | M2mOAuthClient;

  /** @throws RunError When the type is neither `spa` nor `m2m`, for example `regular-web`. */
  constructor(name: string, args: SpaApplicationArgs, options?: pulumi.ComponentResourceOptions) {
    const { type = "spa", client: own = {}, ...application } = args;
    checkType(name, type);
    super("carto:SpaApplication", name, {}, options);
    const { name: title, deletionProtection, policy, appUrl } = application;
    const shared = { name: title, deletionProtection, policy };
    const declared = type === "spa" ? { ...shared, applicationLoginUrl: appUrl, ...own } : { ...shared, ...own };
    const parent = { parent: this };
    const client =
      type === "spa"
        ? new SpaOAuthClient(name, declared as SpaOAuthClientArgs, parent)
        : new M2mOAuthClient(name, declared, parent);
    const made = new Application(name, application, parent);
    if (type === "spa") void warnOfLogin(appUrl, declared, this);
    const { clientId, clientSecret } = client;
    const outputs = { applicationId: made.applicationId, clientId, clientSecret };
    Object.assign(this, outputs, { application: made, client });
    this.registerOutputs(outputs);
  }
}

/** A program in JavaScript may say anything. */
function checkType(name: string, type: string): void {
  if (type === "spa" || type === "m2m") return;
  const title = `SpaApplication ${JSON.stringify(name)}`;
  if (isRegularWeb(type)) throw new pulumi.RunError(`${title}: type "regular-web" ${REGULAR_WEB}.`);
  throw new pulumi.RunError(`${title}: type is ${JSON.stringify(type)}: write "spa" or "m2m".`);
}

/** At preview only, as all advice. A client whose values are secret is not quoted. */
async function warnOfLogin(appUrl: unknown, client: object, resource: pulumi.Resource): Promise<void> {
  if (!pulumi.runtime.isDryRun()) return;
  const known = await knownParts(client);
  if (!isRecord(known)) return;
  for (const finding of adviseLogin(await knownParts(appUrl), known))
    await pulumi.log.warn(failureText(finding), resource);
}
