/**
 * The rows of a list too long to hold: pages are asked for as they come into view and kept until
 * the question changes. An answer to an earlier question is thrown away.
 */
export interface RowsPage<Row> {
  total: number;
  rows: readonly Row[];
}

/** Asks for rows `offset` to `offset + limit`. */
export type ReadPage<Row> = (offset: number, limit: number) => Promise<RowsPage<Row>>;

const PAGE_ROWS = 200;
/** So many pages are kept; more would only fill the memory. */
const KEPT_PAGES = 30;

export class PagedRows<Row> {
  /** How many rows there are; nothing until the first answer. */
  total = $state.raw<number>();
  /** The failure of the latest question, if it failed. */
  failure = $state.raw<unknown>();
  #pages = $state.raw<ReadonlyMap<number, readonly Row[]>>(new Map());
  #asked = new Set<number>();
  #question = 0;
  #read: ReadPage<Row> | undefined;
  /** The rows in view, as last told. */
  #view: readonly [number, number] = [0, 0];

  /** Asks anew. The rows that are shown stay until the first answer. */
  async load(read: ReadPage<Row>): Promise<void> {
    this.#read = read;
    this.#question += 1;
    this.#asked = new Set();
    this.#view = [0, 0];
    await this.#ask(0, true);
    this.show(...this.#view);
  }

  /** Asks the same question again: something changed. What is shown stays until it is read anew. */
  async reload(): Promise<void> {
    if (!this.#read) return;
    this.#question += 1;
    this.#asked = new Set();
    const [first, last] = this.#view;
    await this.#ask(Math.floor(first / PAGE_ROWS), false);
    this.show(first, last);
  }

  at(index: number): Row | undefined {
    return this.#pages.get(Math.floor(index / PAGE_ROWS))?.[index % PAGE_ROWS];
  }

  /** Sees to it that the rows in view are there or on their way. */
  show(first: number, last: number): void {
    this.#view = [first, last];
    const to = Math.floor(Math.min(last, (this.total ?? 1) - 1) / PAGE_ROWS);
    for (let page = Math.floor(first / PAGE_ROWS); page <= to; page += 1) void this.#ask(page, false);
  }

  async #ask(page: number, fresh: boolean): Promise<void> {
    if (!this.#read || this.#asked.has(page)) return;
    this.#asked.add(page);
    const question = this.#question;
    try {
      const answer = await this.#read(page * PAGE_ROWS, PAGE_ROWS);
      if (question !== this.#question) return;
      const kept = fresh ? [] : [...this.#pages].slice(-KEPT_PAGES);
      for (const [old] of this.#pages) if (!kept.some(([each]) => each === old)) this.#asked.delete(old);
      this.#asked.add(page);
      this.#pages = new Map([...kept, [page, answer.rows]]);
      this.total = answer.total;
      this.failure = undefined;
    } catch (failure) {
      if (question !== this.#question) return;
      this.#asked.delete(page);
      this.failure = failure;
    }
  }
}
