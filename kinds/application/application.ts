import type { LocalSettings } from "../settings.ts";

/** Sharing scopes that are written as their name alone. */
export const SCOPES = ["private", "organization"] as const;

/**
 * Who sees an application: only its owner, everyone in the organization, or the members of some of its groups. It never decides who may
 * log in.
 */
export type Sharing = (typeof SCOPES)[number] | { groups: string[] };

/**
 * Inputs of an application: what people see in the Workspace, as CARTO's form names it.
 *
 * @see CARTO user manual, "Applications" and "Managing Applications"
 */
export interface ApplicationInputs extends Omit<LocalSettings, "rotationTrigger"> {
  /** Shown to users; 1-255 characters without `<` and `>`. A change updates in place. */
  name: string;
  /** Short, shown below the name; at most 500 characters (assumed). Unset or `""`: none. A change updates in place. */
  description?: string;
  /**
   * Where the application is reached, e.g. `https://my-custom-carto-app.com/`: an absolute http or https URL without a wildcard. People who
   * open the application are sent there. A change updates in place.
   */
  appUrl: string;
  /**
   * An image with https; 150 x 150 pixels are recommended. Its size is not checked, because nothing is downloaded. Unset or `""`: none. A
   * change updates in place.
   */
  thumbnailUrl?: string;
  /** Who sees it, never who may log in. Unset: `"organization"`. A change updates in place. */
  sharing?: Sharing;
  /** Whether it is pinned to the Homepage. Unset: `false`. A change updates in place. */
  pinnedToHome?: boolean;
}

/** What CARTO sets of an application. */
export interface ApplicationOutputs {
  /** The resource's ID; the state holds it once. */
  applicationId: string;
  /** `user_id` of the user whose credentials created the application: only that user may change or delete it. */
  ownerId: string;
  /** RFC 3339 */
  createdAt: string;
  /** RFC 3339 */
  updatedAt: string;
}

/** An application as CARTO stores it: nothing is left to defaults. */
export interface StoredApplication
  extends Required<Pick<ApplicationInputs, "name" | "description" | "appUrl" | "thumbnailUrl" | "pinnedToHome">>,
    Omit<ApplicationOutputs, "applicationId"> {
  kind: "application";
  /** The application ID. */
  id: string;
  sharing: Sharing;
}
