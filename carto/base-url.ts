/** A URL without trailing slashes. A pattern would take the square of their number. */
export function baseUrl(url: string): string {
  let end = url.length;
  while (url[end - 1] === "/") end--;
  return url.slice(0, end);
}
