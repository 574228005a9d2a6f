/** The calling user's resources, listed once for all reads of a process, until this process changes one. */
export class Listing<Resource extends { id: string }> {
  readonly #list: () => Promise<Resource[]>;
  #byId: Promise<Map<string, Resource>> | undefined;

  constructor(list: () => Promise<Resource[]>) {
    this.#list = list;
  }

  async find(id: string): Promise<Resource | undefined> {
    this.#byId ??= this.#list().then((resources) => new Map(resources.map((resource) => [resource.id, resource])));
    const current = this.#byId;
    try {
      return (await current).get(id);
    } catch (error) {
      if (this.#byId === current) this.#byId = undefined; // the next read asks again
      throw error;
    }
  }

  /** All of them, in CARTO's order, asked for anew. */
  all(): Promise<Resource[]> {
    return this.#list();
  }

  forget(): void {
    this.#byId = undefined;
  }
}
