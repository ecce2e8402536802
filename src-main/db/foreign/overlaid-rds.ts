import { RdsDatabase, type RdsBatch, type RdsEdition, type RdsNames, type RdsRow } from './nsrl-rdsv3.ts';
import { openForeign } from './open-foreign.ts';

/**
 * An RDSv3 database as it is after a delta: the rows of the base that are not gone, and behind them those of the overlay that
 * RdsOverlay made, numbered on from the last row of the base. Names and edition are the overlay's.
 */
export class OverlaidRds {
  readonly #base: RdsDatabase;
  readonly #overlay: RdsDatabase;
  readonly #gone: ReturnType<typeof openForeign>;
  readonly #baseRows: number;

  constructor(basePath: string, overlayPath: string) {
    this.#base = new RdsDatabase(basePath);
    this.#overlay = new RdsDatabase(overlayPath);
    this.#gone = openForeign(overlayPath);
    this.#baseRows = this.#base.lastRow();
  }

  edition(): RdsEdition {
    return this.#overlay.edition();
  }

  names(): RdsNames {
    return this.#overlay.names();
  }

  lastRow(): number {
    return this.#baseRows + this.#overlay.lastRow();
  }

  /** Like those of a database; rows of a batch of which some are gone must be looked at one by one. */
  *batches(from: number): Generator<RdsBatch> {
    if (from < this.#baseRows) {
      let before = from;
      for (const batch of this.#base.batches(from)) {
        const isWhole = this.#goneIn(before, batch.last, 1).length === 0;
        yield isWhole ? batch : { ...batch, hex: null };
        before = batch.last;
      }
    }
    for (const batch of this.#overlay.batches(Math.max(from - this.#baseRows, 0))) {
      yield { ...batch, last: batch.last + this.#baseRows };
    }
  }

  rows(from: number, to: number): readonly RdsRow[] {
    if (to > this.#baseRows) {
      return this.#overlay.rows(Math.max(from - this.#baseRows, 0), to - this.#baseRows);
    }
    const gone = new Set(this.#goneIn(from, to, -1));
    return this.#base.rows(from, to).filter(({ at }) => !gone.has(at));
  }

  close(): void {
    this.#base.close();
    this.#overlay.close();
    this.#gone.close();
  }

  #goneIn(from: number, to: number, most: number): readonly number[] {
    return this.#gone
      .prepare<[number, number, number], number>('SELECT row FROM gone WHERE row > ? AND row <= ? LIMIT ?')
      .pluck()
      .all(from, to, most);
  }
}
