import type { KindOf } from "../kind.ts";
import { EXPOSURES, reachOfApplication } from "./access.ts";
import type { ApplicationInputs, ApplicationOutputs } from "./application.ts";
import { checkApplication, reviewApplication } from "./check.ts";
import { LOGIN_RULE } from "./login.ts";
import { OUTPUTS, PROPERTIES } from "./properties.ts";
import { APPLICATION_RULES } from "./rules.ts";

/** Applications: what people see in the Workspace. */
export const application: KindOf<ApplicationInputs, ApplicationOutputs> = {
  id: "application",
  className: "Application",
  title: "application",
  label: "Application",
  noun: "application",
  deletion: {
    stops: "link to it in the Workspace",
    users: "link to",
    made: "A new application is made",
    unnamed: "This application",
    verdict: "applications in use leave the Workspace. Who may log in is not changed.",
    needs: "a link to the new application",
  },
  keepsLogins: true,
  properties: PROPERTIES,
  outputs: OUTPUTS,
  rules: [...APPLICATION_RULES, LOGIN_RULE],
  exposures: EXPOSURES,
  sample: { name: "Field maps", appUrl: "https://app.example.com/" },
  check: checkApplication,
  review: reviewApplication,
  reach: reachOfApplication,
};
