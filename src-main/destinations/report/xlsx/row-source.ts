import type { TableSheet } from './sheet.ts';

/** Characters after which a sheet goes on in another one: its part must stay below 4 GiB, and a character may take 4 bytes. */
const MOST_TEXT = 900 * 1024 * 1024;
/** Characters handed on at a time. */
const CHUNK = 256 * 1024;

/** Rows that are taken one sheet at a time. */
export class RowSource<Row> {
  readonly #batches: AsyncIterator<readonly Row[]>;
  readonly #onBatch: (batch: readonly Row[]) => void;
  #batch: readonly Row[] = [];
  #at = 0;

  /** `onBatch` sees every batch once, before its rows are taken. */
  constructor(batches: AsyncIterable<readonly Row[]>, onBatch: (batch: readonly Row[]) => void) {
    this.#batches = batches[Symbol.asyncIterator]();
    this.#onBatch = onBatch;
  }

  static of<Row>(rows: readonly Row[]): RowSource<Row> {
    return new RowSource(single(rows), () => undefined);
  }

  async hasMore(): Promise<boolean> {
    while (this.#at >= this.#batch.length) {
      const next = await this.#batches.next();
      if (next.done === true) {
        return false;
      }
      this.#batch = next.value;
      this.#at = 0;
      this.#onBatch(next.value);
    }
    return true;
  }

  /** The text of one sheet with the rows that fit into it. `mostRows` counts the header. Left early, it ends the rows. */
  async *sheetOf(sheet: TableSheet<Row>, mostRows: number): AsyncGenerator<string> {
    let isWhole = false;
    try {
      let text = sheet.begin();
      let length = 0;
      while (sheet.rows < mostRows && length < MOST_TEXT && (await this.hasMore())) {
        text += sheet.row(this.#batch[this.#at] as Row);
        this.#at += 1;
        if (text.length >= CHUNK) {
          length += text.length;
          yield text;
          text = '';
        }
      }
      yield text + sheet.end();
      isWhole = true;
    } finally {
      if (!isWhole) {
        await this.#batches.return?.();
      }
    }
  }
}

async function* single<Row>(rows: readonly Row[]): AsyncGenerator<readonly Row[]> {
  yield rows;
}
