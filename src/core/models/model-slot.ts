/** Room for one loaded model: it is loaded on first use, and anew after that failed. */
export class ModelSlot<Model> {
  #loading: Promise<Model> | null = null;

  get(load: () => Promise<Model>): Promise<Model> {
    this.#loading ??= load().catch((error: unknown) => {
      this.#loading = null;
      throw error;
    });
    return this.#loading;
  }

  /** Empties the slot. @returns what was in it, or null where that was nothing or had failed to load */
  async take(): Promise<Model | null> {
    const loading = this.#loading;
    this.#loading = null;
    return (await loading?.catch(() => null)) ?? null;
  }
}
