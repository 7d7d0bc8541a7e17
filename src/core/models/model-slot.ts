/** Room for one loaded model: it is loaded on first use, and anew after that failed. */
export class ModelSlot<Model> {
  #held: { readonly hash: string; readonly loading: Promise<Model> } | null = null;

  /** Whether it holds the model of another bundle than the one with this hash. */
  holdsOtherThan(hash: string): boolean {
    return this.#held !== null && this.#held.hash !== hash;
  }

  /** What it holds, or else what is loaded now, of the bundle with this hash. */
  get(hash: string, load: () => Promise<Model>): Promise<Model> {
    if (this.#held === null) {
      const loading = load();
      const held = { hash, loading };
      this.#held = held;
      loading.catch(() => {
        if (this.#held === held) this.#held = null;
      });
    }
    return this.#held.loading;
  }

  /** Empties the slot at once. @returns what was in it, or null where that was nothing or had failed to load */
  async take(): Promise<Model | null> {
    const loading = this.#held?.loading;
    this.#held = null;
    return (await loading?.catch(() => null)) ?? null;
  }
}
