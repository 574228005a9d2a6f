import type { IncomingMessage, ServerResponse } from "node:http";
import { type Answer, type Call, errorAnswer } from "./answer.ts";

/** Answers a call; nothing when it has written the answer itself. */
export type Handler = (call: Call, req: IncomingMessage, res: ServerResponse) => Served | Promise<Served>;
type Served = Answer | undefined;

/** By route, e.g. `GET /things/{id}`; a last segment `{rest*}` takes everything below. */
export type Routes = Record<string, Handler>;

/** What a call's path leads to: a handler, or the answer if there is none. */
export type Match = { route: string; handler: Handler; params: Record<string, string> } | { answer: Answer };

/**
 * Finds the route of a method and a path.
 *
 * @param spelling the method and path that a route is served under
 */
export function router(routes: Routes, spelling = (route: string) => route): (method: string, path: string) => Match {
  const compiled = Object.entries(routes).map(([route, handler]) => {
    const [method = "", template = ""] = spelling(route).split(" ");
    const pattern = template
      .replace(/[.]/g, "\\.")
      .replace(/\{(\w+)\*\}/g, "(?<$1>.+)")
      .replace(/\{(\w+)\}/g, "(?<$1>[^/]+)");
    return { route, method, handler, pattern: new RegExp(`^${pattern}$`) };
  });
  return (method, path) => {
    const allowed: string[] = [];
    for (const { route, method: wanted, handler, pattern } of compiled) {
      const found = pattern.exec(path);
      if (!found) continue;
      if (wanted === method) return { route, handler, params: decodedAll(found.groups ?? {}) };
      allowed.push(wanted);
    }
    if (allowed.length === 0) return { answer: errorAnswer(404, "not_found", "The path does not exist") };
    const answer = errorAnswer(405, "method_not_allowed", `This path takes ${allowed.join(", ")}`);
    return { answer: { ...answer, headers: { Allow: allowed.join(", ") } } };
  };
}

/** A part of a path or cookie; one that is encoded wrongly stays as it is. */
export function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function decodedAll(groups: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(groups).map(([name, value]) => [name, decoded(value)]));
}
