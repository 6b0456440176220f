/** Short results at the foot of the page: said, perhaps undone, gone after eight seconds. */
export interface Slip {
  id: number;
  /** Asked as it is drawn: a slip follows when another language is chosen. */
  words: () => string;
  undo?: () => unknown;
}

const STAYS_MS = 8_000;

export class Slips {
  shown = $state.raw<readonly Slip[]>([]);
  #last = 0;
  readonly #timers = new Map<number, ReturnType<typeof setTimeout>>();

  show(words: Slip['words'], undo?: Slip['undo']): void {
    const id = ++this.#last;
    this.shown = [...this.shown, undo ? { id, words, undo } : { id, words }];
    this.resume(id);
  }

  close(id: number): void {
    this.pause(id);
    this.shown = this.shown.filter((slip) => slip.id !== id);
  }

  /** Keeps a slip while the pointer or the focus is on it. */
  pause(id: number): void {
    clearTimeout(this.#timers.get(id));
    this.#timers.delete(id);
  }

  resume(id: number): void {
    this.pause(id);
    this.#timers.set(
      id,
      setTimeout(() => this.close(id), STAYS_MS),
    );
  }

  get undoable(): boolean {
    return this.shown.some((slip) => slip.undo);
  }

  /** Takes back the latest change that still can be. */
  async undoLatest(): Promise<boolean> {
    const latest = this.shown.findLast((slip) => slip.undo);
    if (!latest?.undo) return false;
    this.close(latest.id);
    await latest.undo();
    return true;
  }
}

export const slips = new Slips();
