import type { Output, Property } from "../kind.ts";
import { LOCAL_SETTINGS } from "../settings.ts";
import { type ApplicationInputs, type ApplicationOutputs, SCOPES } from "./application.ts";

/** Assumed: 255 characters, not documented by CARTO. */
export const LONGEST_NAME = 255;
/** Assumed: 500 characters; CARTO's manual says "short". */
export const LONGEST_DESCRIPTION = 500;
/** Assumed: 100 groups, not documented by CARTO. */
export const MOST_GROUPS = 100;

const { rotationTrigger: _, ...SETTINGS } = LOCAL_SETTINGS;

/** Inputs of an application, in the order of CARTO's form. */
export const PROPERTIES = {
  name: {
    label: "Name",
    shape: { of: "text", minLength: 1, maxLength: LONGEST_NAME },
    required: true,
    change: "updates",
    description: "Shown to users. 1-255 characters without `<` and `>`",
    otherNames: ["title", "label", "displayname", "appname", "applicationname"],
  },
  description: {
    label: "Description",
    shape: { of: "text", maxLength: LONGEST_DESCRIPTION },
    change: "updates",
    unset: "none",
    description: `Short, shown below the name; at most ${LONGEST_DESCRIPTION} characters (assumed). \`""\`: none`,
    otherNames: ["text", "summary", "subtitle"],
    derive: () => "",
  },
  appUrl: {
    label: "App URL",
    shape: { of: "text", format: "url", minLength: 1, maxLength: 2048 },
    required: true,
    change: "updates",
    description: "Where the application is reached: an absolute http or https URL without a wildcard",
    otherNames: ["url", "href", "link", "applicationurl", "homepage", "homepageurl", "applicationloginurl"],
  },
  thumbnailUrl: {
    label: "Thumbnail URL",
    shape: { of: "text", format: "url", maxLength: 2048 },
    change: "updates",
    unset: "none",
    description:
      'Image with https, 150 x 150 pixels recommended; the size is not checked, because nothing is downloaded. `""`: none',
    otherNames: ["thumbnail", "image", "imageurl", "icon", "iconurl", "logo", "logourl", "picture"],
    derive: () => "",
  },
  sharing: {
    label: "Sharing",
    shape: {
      of: "choice",
      choices: SCOPES,
      otherwise: {
        of: "record",
        members: {
          groups: {
            shape: { of: "list", order: "none", element: { of: "text", minLength: 1 }, maxItems: MOST_GROUPS },
            description: "Names of groups of the organization",
          },
        },
      },
    },
    change: "updates",
    unset: "`organization`",
    description:
      "Who sees the application, never who may log in: `private`, `organization`, or `groups` with their names",
    otherNames: ["share", "sharedwith", "visibility", "scope", "groups", "access"],
    derive: () => "organization",
  },
  pinnedToHome: {
    label: "Pinned to the Homepage",
    shape: { of: "boolean" },
    change: "updates",
    unset: "`false`",
    description: "Whether it is pinned to the Homepage",
    otherNames: ["pinned", "pin", "pintohome", "pinnedtohomepage", "featured"],
    derive: () => false,
  },
  ...SETTINGS,
} satisfies Record<keyof ApplicationInputs, Property>;

/** Outputs of an application. */
export const OUTPUTS = {
  applicationId: { description: "The application ID, which is the resource's ID", id: true },
  ownerId: {
    description: "`user_id` of the user whose credentials created the application: only that user may change it",
  },
  createdAt: { description: "When the application was created: RFC 3339" },
  updatedAt: { description: "When the application was last changed: RFC 3339" },
} satisfies Record<keyof ApplicationOutputs, Output>;
