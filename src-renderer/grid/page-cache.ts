/** Rows asked for at once. */
export const PAGE_ROWS = 200;
const PAGES_KEPT = 24;

/**
 * Pages of rows by position. A page is asked for once; a failed one is asked for again on the next look. `clear`
 * forgets everything and lets late answers fall.
 */
export class PageCache<Row> {
  readonly #fetch: (offset: number, limit: number) => Promise<readonly Row[]>;
  readonly #onRows: () => void;
  readonly #onFault: (error: unknown) => void;
  readonly #pages = new Map<number, readonly Row[]>();
  readonly #asked = new Set<number>();
  #turn = 0;

  constructor(
    fetch: (offset: number, limit: number) => Promise<readonly Row[]>,
    onRows: () => void,
    onFault: (error: unknown) => void,
  ) {
    this.#fetch = fetch;
    this.#onRows = onRows;
    this.#onFault = onFault;
  }

  /** The row at a position, or null while it is on its way. */
  row(position: number): Row | null {
    return this.#pages.get(Math.floor(position / PAGE_ROWS))?.[position % PAGE_ROWS] ?? null;
  }

  /** Asks for what a stretch of positions needs, and for one page beyond it in reading direction. */
  want(first: number, count: number, total: number): void {
    const from = Math.floor(first / PAGE_ROWS);
    const to = Math.floor(Math.max(first, first + count - 1) / PAGE_ROWS);
    for (let page = from; page <= to + 1; page += 1) {
      if (page * PAGE_ROWS < total) {
        this.#ask(page);
      }
    }
  }

  clear(): void {
    this.#turn += 1;
    this.#pages.clear();
    this.#asked.clear();
  }

  /** Keeps showing the present rows while the newest ones are asked for again. */
  refresh(first: number, count: number): void {
    this.#turn += 1;
    this.#asked.clear();
    const from = Math.floor(first / PAGE_ROWS);
    const to = Math.floor(Math.max(first, first + count - 1) / PAGE_ROWS);
    for (const page of this.#pages.keys()) {
      if (page < from || page > to) {
        this.#pages.delete(page);
      }
    }
    for (let page = from; page <= to; page += 1) {
      this.#ask(page, true);
    }
  }

  #ask(page: number, again = false): void {
    if (this.#asked.has(page) || (!again && this.#pages.has(page))) {
      return;
    }
    this.#asked.add(page);
    const turn = this.#turn;
    this.#fetch(page * PAGE_ROWS, PAGE_ROWS).then(
      (rows) => {
        if (turn === this.#turn) {
          this.#asked.delete(page);
          this.#keep(page, rows);
          this.#onRows();
        }
      },
      (error: unknown) => {
        if (turn === this.#turn) {
          this.#asked.delete(page);
          this.#onFault(error);
        }
      },
    );
  }

  #keep(page: number, rows: readonly Row[]): void {
    this.#pages.delete(page);
    this.#pages.set(page, rows);
    for (const oldest of this.#pages.keys()) {
      if (this.#pages.size <= PAGES_KEPT) {
        break;
      }
      this.#pages.delete(oldest);
    }
  }
}
