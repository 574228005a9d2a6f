/** What the demo prints, and whether all of its claims held. */
export class Transcript {
  #steps = 0;
  readonly #write: (line: string) => void;

  constructor(write: (line: string) => void = (line) => process.stdout.write(`${line}\n`)) {
    this.#write = write;
  }

  step(title: string): void {
    this.#write(`\n${++this.#steps}. ${title}`);
  }

  line(text: string): void {
    this.#write(text === "" ? "" : `   ${text}`);
  }

  /**
   * States a fact that must hold.
   *
   * @throws Error When it does not: the demo has failed.
   */
  holds(fact: string, isTrue: boolean): void {
    if (!isTrue) throw new Error(`This should hold, and does not: ${fact}.`);
    this.line(`✓ ${fact}`);
  }
}
