import { FLAG } from '#shared/domain/basis.ts';
import { STATUS_CODE } from '#shared/domain/status.ts';
import type { Counts } from '#shared/contract/common.ts';
import type { GridQuery } from '#shared/contract/intake.ts';
import type { IntakeFile } from '../intake-file.ts';
import { orderEntries } from './intake-orders.ts';
import { searchEntries } from './intake-search.ts';
import type { VerdictColumns } from '../verdict-columns.ts';
import { orderByTags, type ViewMarks } from './view-marks.ts';

/** Results kept: a grid asks for the same query page after page, and people go back and forth between a few. */
const KEPT_RESULTS = 4;
/** Results of very large intakes are fewer, so that they stay below this many bytes. */
const KEPT_BYTES = 32 << 20;
const KEPT_SEARCHES = 4;

/** Numbers states of verdicts, never twice, also across restarts of a worker: an old number must not fit a new order. */
let lastState = Math.floor(performance.timeOrigin);
function nextState(): number {
  lastState += 1;
  return lastState;
}

/**
 * Answers grid queries over one intake: which entries, in which order. Results are kept, so that any page of a million rows
 * costs as much as the first.
 */
export class IntakeView {
  readonly #file: IntakeFile;
  #verdicts: VerdictColumns;
  #state = nextState();
  readonly #results = new Map<string, Uint32Array>();
  readonly #orders = new Map<string, Uint32Array>();
  readonly #searches = new Map<string, Uint8Array>();
  readonly #most: number;
  readonly #marks: ViewMarks | null;

  /** Without marks no row carries tags or a note. */
  constructor(file: IntakeFile, verdicts: VerdictColumns, marks: ViewMarks | null = null) {
    this.#file = file;
    this.#marks = marks;
    this.#verdicts = verdicts;
    this.#most = Math.min(KEPT_RESULTS, Math.max(1, Math.floor(KEPT_BYTES / (file.entries * 4 + 1))));
  }

  get verdicts(): VerdictColumns {
    return this.#verdicts;
  }

  /**
   * Entries a query selects, in its order. Do not change the array. A query that asks for an earlier order gets the rows
   * and the order of then, while they are kept, else those of now; `orderId` tells which.
   */
  select(query: GridQuery): { readonly order: Uint32Array; readonly orderId: number } {
    const key = JSON.stringify([
      query.statuses,
      query.flags,
      query.tags ?? [],
      query.text.trim(),
      query.sort,
      query.descending,
    ]);
    const held = `${key}@${query.asOf}`;
    if (query.asOf > 0 && this.#results.has(held)) {
      return { order: remember(this.#results, held, this.#most, () => this.#compute(query)), orderId: query.asOf };
    }
    const orderId = this.#state;
    return { order: remember(this.#results, `${key}@${orderId}`, this.#most, () => this.#compute(query)), orderId };
  }

  /**
   * Takes new verdicts (or the same columns after they changed) and drops orders that rested on the old ones. Results
   * stay: each is named by the state it was made in.
   */
  invalidate(verdicts: VerdictColumns): void {
    this.#verdicts = verdicts;
    this.#state = nextState();
    for (const key of this.#orders.keys()) {
      if (!/^(?:position|hash|kind|input)/.test(key)) {
        this.#orders.delete(key);
      }
    }
  }

  /** Drops what rested on notes and tags, after some of them changed. */
  marksChanged(): void {
    this.#state = nextState();
    for (const key of this.#orders.keys()) {
      if (key.startsWith('tags')) {
        this.#orders.delete(key);
      }
    }
  }

  #compute(query: GridQuery): Uint32Array {
    const order = this.#order(query.sort, query.descending);
    const text = query.text.trim();
    const tags = query.tags ?? [];
    if (query.statuses.length === 0 && query.flags.length === 0 && tags.length === 0 && text === '') {
      return order;
    }
    const found = this.#found(text, tags);
    const statuses = new Uint8Array(8).fill(query.statuses.length === 0 ? 1 : 0);
    for (const status of query.statuses) {
      statuses[STATUS_CODE[status]] = 1;
    }
    const flags = query.flags.reduce((bits, flag) => bits | FLAG[flag], 0);
    return filterOrder(order, this.#verdicts, statuses, flags, found);
  }

  #order(sort: GridQuery['sort'], isDescending: boolean): Uint32Array {
    return remember(this.#orders, `${sort} ${isDescending}`, this.#most, () => {
      if (sort !== 'tags') {
        return orderEntries(this.#file, this.#verdicts, sort, isDescending);
      }
      const byPosition = this.#order('position', false);
      return this.#marks === null ? byPosition : orderByTags(byPosition, this.#marks, isDescending);
    });
  }

  /** Entries that hold the text and carry one of the tags; null when neither is asked for. */
  #found(text: string, tags: readonly string[]): Uint8Array | null {
    const none = (): Uint8Array => new Uint8Array(this.#file.entries);
    const tagged = tags.length === 0 ? null : (this.#marks?.tagged(tags) ?? none());
    if (text === '') {
      return tagged;
    }
    // What the list itself says is kept; notes and tags change, and are quickly found.
    const listed = remember(this.#searches, text, KEPT_SEARCHES, () => searchEntries(this.#file, text));
    const noted = this.#marks?.mentioning(text) ?? none();
    return listed.map(
      (hit, entry) => (hit | (noted[entry] as number)) & (tagged === null ? 1 : (tagged[entry] as number)),
    );
  }
}

/** Rows with one of the statuses, any of the flags (when some are asked for) and the text (when one is). */
function filterOrder(
  order: Uint32Array,
  verdicts: VerdictColumns,
  statuses: Uint8Array,
  flags: number,
  found: Uint8Array | null,
): Uint32Array {
  const kept = new Uint32Array(order.length);
  let count = 0;
  for (const entry of order) {
    if (
      statuses[verdicts.status[entry] as number] === 1 &&
      (flags === 0 || ((verdicts.flags[entry] as number) & flags) !== 0) &&
      (found === null || found[entry] === 1)
    ) {
      kept[count] = entry;
      count += 1;
    }
  }
  return kept.slice(0, count);
}

/** How many entries carry each status, and the two flags the strip shows. */
export function countVerdicts(verdicts: VerdictColumns, length: number = verdicts.length): Counts {
  const byStatus = new Uint32Array(8);
  let conflict = 0;
  let stale = 0;
  for (let entry = 0; entry < length; entry += 1) {
    const status = verdicts.status[entry] as number;
    byStatus[status] = (byStatus[status] as number) + 1;
    const flags = verdicts.flags[entry] as number;
    conflict += (flags & FLAG.conflict) === 0 ? 0 : 1;
    stale += (flags & FLAG.stale) === 0 ? 0 : 1;
  }
  return {
    malicious: byStatus[STATUS_CODE.malicious] as number,
    suspicious: byStatus[STATUS_CODE.suspicious] as number,
    'non-malicious': byStatus[STATUS_CODE['non-malicious']] as number,
    pending: byStatus[STATUS_CODE.pending] as number,
    unknown: byStatus[STATUS_CODE.unknown] as number,
    conflict,
    stale,
  };
}

/** A small store that forgets what was used longest ago. */
function remember<V>(kept: Map<string, V>, key: string, most: number, make: () => V): V {
  const known = kept.get(key);
  if (known !== undefined) {
    kept.delete(key);
    kept.set(key, known);
    return known;
  }
  const value = make();
  kept.set(key, value);
  for (const oldest of kept.keys()) {
    if (kept.size <= most) {
      break;
    }
    kept.delete(oldest);
  }
  return value;
}
