import type { Rule } from "../rule.ts";
import type { SharedRuleId } from "../shared-rules.ts";
import type { UrlRuleId } from "../url/rules.ts";
import { LONGEST_DESCRIPTION } from "./properties.ts";

const groups = (...names: string[]) => ({ sharing: { groups: names } });

/**
 * The rules of applications: laid over one with the App URL `https://app.example.com/`, `example` breaks this rule and no other that
 * refuses, `instead` does not.
 */
export const APPLICATION_RULES = [
  {
    id: "app-url-wildcard",
    level: "failure",
    why: "People who open the application are sent to its App URL, so it must be a single address. The same goes for the thumbnail.",
    fix: "Write one host and path.",
    example: { appUrl: "https://*.example.com/" },
    instead: { appUrl: "https://app.example.com/" },
  },
  {
    id: "description-too-long",
    level: "failure",
    why: `The description is a short text shown below the name: at most ${LONGEST_DESCRIPTION} characters (assumed).`,
    fix: "Shorten it.",
    example: { description: "Long. ".repeat(100) },
    instead: { description: "Where our teams are today" },
  },
  {
    id: "thumbnail-https",
    level: "failure",
    why: "The Workspace is served over https, where browsers do not show images loaded over http.",
    fix: "Write an https URL.",
    example: { thumbnailUrl: "http://cdn.example.com/app.png" },
    instead: { thumbnailUrl: "https://cdn.example.com/app.png" },
  },
  {
    id: "thumbnail-data",
    level: "failure",
    why: "CARTO's form takes the URL of an image, not the image itself.",
    fix: "Host the image, and write its https URL.",
    example: { thumbnailUrl: "data:image/png;base64,iVBORw0KGgo=" },
    instead: { thumbnailUrl: "https://cdn.example.com/app.png" },
  },
  {
    id: "thumbnail-image",
    level: "failure",
    why: "The URL must point to an image: avif, bmp, gif, ico, jpeg, jpg, png, svg or webp.",
    fix: "Write the URL of the image.",
    example: { thumbnailUrl: "https://cdn.example.com/app.html" },
    instead: { thumbnailUrl: "https://cdn.example.com/app.png" },
  },
  {
    id: "sharing",
    level: "failure",
    why: "An application is private, shared with the organization, or shared with some of its groups.",
    fix: "Write `private`, `organization`, or `groups` with their names.",
    example: { sharing: "organisation" },
    instead: { sharing: "organization" },
  },
  {
    id: "sharing-groups",
    level: "failure",
    why: "An application shared with groups names at least one and at most 100 of them (assumed), each only once.",
    fix: "Name each group once; if there are none, write `private`.",
    example: groups("Field", "Field"),
    instead: groups("Field"),
  },
  {
    id: "localhost-shared",
    level: "advice",
    dangerous: true,
    why: "The App URL leads to each visitor's own machine, so people who open the application find nothing there.",
    fix: "Use a URL that everyone can reach, or set `sharing` to `private`.",
    example: { appUrl: "http://localhost:5173/" },
    instead: { appUrl: "http://localhost:5173/", sharing: "private" },
  },
  {
    id: "app-url-plain-http",
    level: "advice",
    dangerous: true,
    why: "Anyone on the network path can read and replace what people open. (For localhost, only `localhost-shared` is reported.)",
    fix: "Use https.",
    example: { appUrl: "http://app.example.com/" },
    instead: { appUrl: "https://app.example.com/" },
  },
  {
    id: "thumbnail-unclear",
    level: "advice",
    why: "The URL is not downloaded, so without an image file extension it cannot be told apart from the URL of a page.",
    fix: "Use a URL that ends in an image file extension, or check that the image is displayed.",
    example: { thumbnailUrl: "https://cdn.example.com/thumbnails/7" },
    instead: { thumbnailUrl: "https://cdn.example.com/thumbnails/7.png" },
  },
] as const satisfies readonly Rule[];

/** Rules that only applications have, and those that they share with others. */
export type ApplicationRuleId = (typeof APPLICATION_RULES)[number]["id"] | "name" | SharedRuleId | UrlRuleId;
