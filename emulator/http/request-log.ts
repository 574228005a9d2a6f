/** How often each route was called; routes are templates, so no ID or secret is recorded. */
export class RequestLog {
  #counts = new Map<string, number>();

  /** @param route e.g. `GET /workspace-api/credentials/oauth-clients/{client_id}` */
  add(route: string): void {
    this.#counts.set(route, (this.#counts.get(route) ?? 0) + 1);
  }

  counts(): Record<string, number> {
    return Object.fromEntries([...this.#counts].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  clear(): void {
    this.#counts.clear();
  }
}
