/** How many of the last steps a lost campaign tells. */
const LENGTH = 30;

/** The last steps of a campaign, each with its virtual time. */
export class Trail {
  readonly #notes: string[] = [];

  /** @param time epoch milliseconds */
  note(time: number, told: string): void {
    this.#notes.push(`${new Date(time).toISOString()}  ${told}`);
    if (this.#notes.length > LENGTH) this.#notes.shift();
  }

  get notes(): readonly string[] {
    return this.#notes;
  }
}
