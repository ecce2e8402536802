import type { Evidence, EntryEvidence, VerdictPolicy } from '#shared/domain/evidence.ts';
import { DIGEST_BIT } from '#shared/domain/hash.ts';
import { decideEntry, isStale, NEVER_ASKED } from '#shared/domain/verdict.ts';
import type { VerdictColumns } from '../../../intakes/verdict-columns.ts';
import { packVerdict, storeVerdict, type PackedVerdict } from '../store-verdict.ts';
import { NO_FILE, SEVERAL, type Chunk, type ChunkColumn } from './chunk.ts';
import { itemOfClass, type FilePool } from './file-pool.ts';
import { Stopped } from './join.ts';
import { NO_TIME } from './item-classes.ts';
import type { SetCombos } from './set-combos.ts';

const NOTHING = packVerdict(NEVER_ASKED);
const NONE: readonly Evidence[] = [];
/** Rows between two looks at the cancel flag. */
const ROWS = 4096;

export interface Deciding {
  readonly pool: FilePool;
  readonly combos: SetCombos;
  readonly policy: VerdictPolicy;
  readonly now: number;
  readonly cancelled: () => boolean;
  /** The verdict of a row that is not plain, from the database. */
  slow(chunk: Chunk, row: number): PackedVerdict;
}

/**
 * Decides the rows of a chunk. A row is plain when no entry of the list is near it, each of its digests stands for at
 * most one file, and no digest of that file differs from the row's own; all others are handed to `slow`. Both ways
 * give the same verdict.
 */
export function decideRows(deciding: Deciding, chunk: Chunk, into: VerdictColumns, base: number): void {
  const plain = new PlainRows(deciding);
  const isAsserted = chunk.link === 'asserted';
  for (let row = 0; row < chunk.count; row += 1) {
    if (row % ROWS === 0 && deciding.cancelled()) {
      throw new Stopped();
    }
    let verdict: PackedVerdict | null = null;
    if (chunk.slow[row] === 0) {
      verdict = isAsserted ? plain.asserted(chunk, row) : plain.certain(chunk, row);
    }
    storeVerdict(into, base + row, verdict ?? deciding.slow(chunk, row));
  }
}

class PlainRows {
  readonly #deciding: Deciding;
  /** Verdicts of files with one item, by class: fresh, stale, and the same for weak matches. */
  readonly #single: (PackedVerdict | undefined)[] = [];
  readonly #setsOnly: (PackedVerdict | undefined)[] = [];

  constructor(deciding: Deciding) {
    this.#deciding = deciding;
  }

  /** A row whose digests are certainly one file's; null when it is not plain. */
  certain(chunk: Chunk, row: number): PackedVerdict | null {
    const { pool, combos } = this.#deciding;
    let file = NO_FILE;
    let combo = 0;
    let hit = 0;
    for (const column of chunk.columns) {
      const found = column.file[row] as number;
      if (found !== NO_FILE) {
        if (found === SEVERAL || (file !== NO_FILE && file !== found)) {
          return null;
        }
        file = found;
        hit |= DIGEST_BIT[column.kind];
      }
      combo = combos.union(combo, column.combo === null ? 0 : (column.combo[row] as number));
    }
    if (file === NO_FILE) {
      return combo === 0 ? NOTHING : this.#bySets(combo);
    }
    if (pool.isSpecial(file) || (pool.kindsOf(file) & chunk.mask & ~hit) !== 0) {
      return null;
    }
    return this.#byFile(file, combo, (hit & DIGEST_BIT.sha256) === 0);
  }

  /** A row whose weaker digests are only said to be the same file's; null when it is not plain. */
  asserted(chunk: Chunk, row: number): PackedVerdict | null {
    const { pool, policy, now } = this.#deciding;
    const [own, ...others] = chunk.columns;
    if (own === undefined) {
      return NOTHING;
    }
    const file = own.file[row] as number;
    let raises = false;
    for (const column of chunk.columns) {
      const found = column.file[row] as number;
      if (found === SEVERAL || (found !== NO_FILE && pool.isSpecial(found))) {
        return null;
      }
      // The same file says the same again, weakly: that raises nothing.
      const isSame = found === NO_FILE || found === file;
      raises ||= column !== own && !(isSame && comboAt(column, row) === 0);
    }
    const isWeak = own.kind !== 'sha256';
    if (!raises) {
      const combo = comboAt(own, row);
      if (file === NO_FILE) {
        return combo === 0 ? NOTHING : this.#bySets(combo);
      }
      return this.#byFile(file, combo, isWeak);
    }
    const evidence: EntryEvidence = {
      own: this.#evidenceAt(own, row, isWeak),
      contradicting: NONE,
      asserted: others.flatMap((column) => this.#evidenceAt(column, row, true)),
    };
    return packVerdict(decideEntry(evidence, policy, now));
  }

  #byFile(file: number, direct: number, weak: boolean): PackedVerdict {
    const { pool, policy, now } = this.#deciding;
    if (direct === 0 && pool.comboOf(file) === 0 && pool.itemCount(file) === 1) {
      return this.#byItem(pool.itemClass(file, 0), pool.itemTime(file, 0), weak);
    }
    const evidence: EntryEvidence = {
      own: [this.#evidenceOf(file, direct, weak)],
      contradicting: NONE,
      asserted: NONE,
    };
    return packVerdict(decideEntry(evidence, policy, now));
  }

  /** One item alone: its class and whether it is stale decide; the time is only carried along. */
  #byItem(number: number, time: number, weak: boolean): PackedVerdict {
    const { pool, policy, now } = this.#deciding;
    const at = time === NO_TIME ? null : time;
    const place = number * 4 + (weak ? 2 : 0) + (isStale(at, policy, now) ? 1 : 0);
    let verdict = this.#single[place];
    if (verdict === undefined) {
      const item = itemOfClass(pool.classes, number, time, weak);
      const own = [{ list: [], items: [item], sets: [] }];
      verdict = packVerdict(decideEntry({ own, contradicting: NONE, asserted: NONE }, policy, now));
      this.#single[place] = verdict;
    }
    const { status, rule, source, agreeing, flags } = verdict;
    return { status, rule, source, agreeing, flags, answeredAt: at ?? 0 };
  }

  #bySets(combo: number): PackedVerdict {
    const { combos, policy, now } = this.#deciding;
    let verdict = this.#setsOnly[combo];
    if (verdict === undefined) {
      const own = [{ list: [], items: [], sets: combos.evidence(combo) }];
      verdict = packVerdict(decideEntry({ own, contradicting: NONE, asserted: NONE }, policy, now));
      this.#setsOnly[combo] = verdict;
    }
    return verdict;
  }

  #evidenceAt(column: ChunkColumn, row: number, weak: boolean): readonly Evidence[] {
    const file = column.file[row] as number;
    const combo = comboAt(column, row);
    return file === NO_FILE && combo === 0 ? NONE : [this.#evidenceOf(file, combo, weak)];
  }

  #evidenceOf(file: number, direct: number, weak: boolean): Evidence {
    const { pool, combos } = this.#deciding;
    if (file === NO_FILE) {
      return { list: [], items: [], sets: combos.evidence(direct) };
    }
    const linked = pool.comboOf(file);
    const combo = combos.union(direct, weak ? combos.weaken(linked) : linked);
    return { list: [], items: pool.items(file, weak), sets: combos.evidence(combo) };
  }
}

function comboAt(column: ChunkColumn, row: number): number {
  return column.combo === null ? 0 : (column.combo[row] as number);
}
