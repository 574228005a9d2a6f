import { urlIdentity } from "../kinds/url/same.ts";

/** Each URL once, in its first spelling. */
export function byIdentity(urls: readonly unknown[] = []): Map<string, unknown> {
  const found = new Map<string, unknown>();
  for (const url of urls) if (!found.has(identityOf(url))) found.set(identityOf(url), url);
  return found;
}

/** What a URL means, as a text to compare; for anything but text, its type. */
export function identityOf(url: unknown): string {
  return typeof url === "string" ? urlIdentity(url) : (JSON.stringify(url) ?? "");
}
