/** The four URL lists of a SPA OAuth client, by input name, in the order of CARTO's form. */
export const URL_LISTS = ["allowedCallbackUrls", "allowedLogoutUrls", "allowedWebOrigins", "allowedOrigins"] as const;

/** Input name of one of the four lists. */
export type UrlList = (typeof URL_LISTS)[number];
