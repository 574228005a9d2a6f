/** A value that is made on first use and then kept; after a failure, the next use tries again. */
export class Once<Value> {
  readonly #make: () => Promise<Value>;
  #value: Promise<Value> | undefined;

  constructor(make: () => Promise<Value>) {
    this.#make = make;
  }

  get(): Promise<Value> {
    this.#value ??= this.#make().catch((error) => {
      this.#value = undefined;
      throw error;
    });
    return this.#value;
  }
}
