/** What must be undone, the last first. */
export class Pile {
  #undoings: (() => unknown)[] = [];
  #takingDown: Promise<void> | undefined;

  /** Adds one. After the pile was taken down it is undone at once. */
  async push(undo: () => unknown): Promise<void> {
    if (this.#takingDown) await undo();
    else this.#undoings.push(undo);
  }

  /**
   * Undoes all, the last first, whether or not one fails; at a second call waits for the first.
   *
   * @param failed told of each that failed
   */
  takeDown(failed: (error: unknown) => void = () => {}): Promise<void> {
    this.#takingDown ??= (async () => {
      for (const undo of this.#undoings.reverse()) {
        try {
          await undo();
        } catch (error) {
          failed(error);
        }
      }
      this.#undoings = [];
    })();
    return this.#takingDown;
  }
}
