/** Rows asked for at once. */
export const PAGE_ROWS = 200;
const PAGES_KEPT = 24;
/** Requests under way at once; the rest waits, so that a dragged scrollbar does not queue every page it passes. */
const ASKED_AT_ONCE = 3;

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
  /** Pages that are shown but of an earlier state. */
  readonly #outdated = new Set<number>();
  #wanted: number[] = [];
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

  /**
   * Asks for what a stretch of positions needs, then for the page behind and before it. Pages passed on the way here and
   * not yet asked for are left out: what is seen now comes first.
   */
  want(first: number, count: number, total: number): void {
    const [from, to] = pagesOf(first, count);
    const wanted = [...range(from, to), to + 1, from - 1];
    this.#wanted = wanted.filter((page) => page >= 0 && page * PAGE_ROWS < total);
    this.#pump();
  }

  clear(): void {
    this.#turn += 1;
    this.#pages.clear();
    this.#asked.clear();
    this.#outdated.clear();
    this.#wanted = [];
  }

  /** Keeps showing the present rows while the newest ones are asked for again. */
  refresh(first: number, count: number): void {
    this.#turn += 1;
    this.#asked.clear();
    this.#outdated.clear();
    const [from, to] = pagesOf(first, count);
    for (const page of this.#pages.keys()) {
      if (page < from || page > to) {
        this.#pages.delete(page);
      } else {
        this.#outdated.add(page);
      }
    }
    this.#wanted = range(from, to);
    this.#pump();
  }

  #pump(): void {
    while (this.#asked.size < ASKED_AT_ONCE) {
      const page = this.#wanted.shift();
      if (page === undefined) {
        return;
      }
      if (!this.#asked.has(page) && (!this.#pages.has(page) || this.#outdated.has(page))) {
        this.#ask(page);
      }
    }
  }

  #ask(page: number): void {
    this.#asked.add(page);
    const turn = this.#turn;
    this.#fetch(page * PAGE_ROWS, PAGE_ROWS).then(
      (rows) => {
        if (turn === this.#turn) {
          this.#asked.delete(page);
          this.#outdated.delete(page);
          this.#keep(page, rows);
          this.#onRows();
          this.#pump();
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

function pagesOf(first: number, count: number): readonly [number, number] {
  return [Math.floor(first / PAGE_ROWS), Math.floor(Math.max(first, first + count - 1) / PAGE_ROWS)];
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}
