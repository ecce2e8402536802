import { DIGEST_BYTES, strongestKind } from '#shared/domain/hash.ts';
import type { GridQuery } from '#shared/contract/intake.ts';
import { assertNever } from '#shared/errors/app-error.ts';
import { kindsOfMask, type EntryGroup } from '../intake-columns.ts';
import type { IntakeFile } from '../intake-file.ts';
import { radixSort } from '../sort-digests.ts';
import type { VerdictColumns } from '../verdict-columns.ts';

type SortKey = Exclude<GridQuery['sort'], 'tags'>;

/**
 * All entries in one order, as entry numbers. Ties stay in source order whichever way the key runs, so that equal rows
 * never jump. Verdict ascending means least severe first; age ascending means freshest first, and rows without an answer
 * come last both ways.
 */
export function orderEntries(
  file: IntakeFile,
  verdicts: VerdictColumns,
  sort: SortKey,
  isDescending: boolean,
): Uint32Array {
  switch (sort) {
    case 'position':
      return reversedIf(isDescending, byPosition(file));
    case 'hash':
      return byHash(file, isDescending);
    case 'verdict':
      return bySmallKey(byPosition(file), (entry) => verdicts.status[entry] as number, 8, isDescending);
    case 'source':
      return bySmallKey(byPosition(file), (entry) => sourceKey(verdicts, entry), 256, isDescending);
    case 'kind':
      return bySmallKey(byPosition(file), kindKey(file), 64, isDescending);
    case 'input':
      return byInput(file, isDescending);
    case 'age':
      return byAge(byPosition(file), verdicts, isDescending);
    default:
      return assertNever(sort);
  }
}

/** Entries by where they occur first. */
function byPosition(file: IntakeFile): Uint32Array {
  const { firstOcc, occEntry } = file;
  const order = new Uint32Array(file.entries);
  let filled = 0;
  for (let occurrence = 0; occurrence < occEntry.length; occurrence += 1) {
    const entry = occEntry[occurrence] as number;
    if (firstOcc[entry] === occurrence) {
      order[filled] = entry;
      filled += 1;
    }
  }
  return order;
}

/** Sources by their code, rows without one after them, ordered by rule. */
function sourceKey(verdicts: VerdictColumns, entry: number): number {
  const source = verdicts.source[entry] as number;
  return source === 0 ? 128 + 64 - (verdicts.rule[entry] as number) : source;
}

function kindKey(file: IntakeFile): (entry: number) => number {
  const ofGroup = file.groups.map((group) => {
    const kind = strongestKind(group.mask);
    return kind === null ? 0 : DIGEST_BYTES[kind];
  });
  return (entry) => ofGroup[file.groupOf(entry)] ?? 0;
}

/** Entries by the name of the input they occur in first; numbers in names count as numbers. */
function byInput(file: IntakeFile, isDescending: boolean): Uint32Array {
  const names = file.inputs.map(({ view }) => view.name);
  const { compare } = new Intl.Collator('en', { numeric: true });
  const sorted = [...new Set(names)].sort(compare);
  const rankOf = new Map(sorted.map((name, rank) => [name, rank]));
  const ranks = names.map((name) => rankOf.get(name) ?? 0);
  const { firstOcc } = file;
  const keyOf = (entry: number): number => ranks[file.inputOf(firstOcc[entry] as number)] ?? 0;
  return bySmallKey(byPosition(file), keyOf, sorted.length, isDescending);
}

/** Counting sort, stable. `keys` is one past the largest key. */
function bySmallKey(
  order: Uint32Array,
  keyOf: (entry: number) => number,
  keys: number,
  isDescending: boolean,
): Uint32Array {
  const starts = new Uint32Array(keys + 1);
  for (const entry of order) {
    const key = keyOf(entry);
    starts[key] = (starts[key] as number) + 1;
  }
  let start = 0;
  for (let step = 0; step < keys; step += 1) {
    const key = isDescending ? keys - 1 - step : step;
    const size = starts[key] as number;
    starts[key] = start;
    start += size;
  }
  const sorted = new Uint32Array(order.length);
  for (const entry of order) {
    const key = keyOf(entry);
    const place = starts[key] as number;
    starts[key] = place + 1;
    sorted[place] = entry;
  }
  return sorted;
}

function byAge(order: Uint32Array, verdicts: VerdictColumns, isDescending: boolean): Uint32Array {
  const answered = order.filter((entry) => verdicts.answeredAt[entry] !== 0);
  const without = order.filter((entry) => verdicts.answeredAt[entry] === 0);
  const keys = new Uint32Array(answered.length);
  for (let place = 0; place < answered.length; place += 1) {
    const at = verdicts.answeredAt[answered[place] as number] as number;
    keys[place] = isDescending ? at : 0xff_ff_ff_ff - at;
  }
  const result = new Uint32Array(order.length);
  result.set(radixSort(answered, keys).order);
  result.set(without, answered.length);
  return result;
}

/**
 * Entries by the hex text of the hash that stands for them; groups are sorted already and are merged. Where several
 * entries have the same one they are left by position, either way round.
 */
function byHash(file: IntakeFile, isDescending: boolean): Uint32Array {
  const order = new Uint32Array(file.entries);
  const [only, ...others] = file.groups;
  if (only === undefined || (others.length === 0 && kindsOfMask(only.mask).length === 1)) {
    return reversedIf(
      isDescending,
      order.map((_, entry) => entry),
    );
  }
  const cursors = file.groups.map((group, index) => new GroupCursor(file, group, index)).filter((each) => each.isOpen);
  const last = new Uint8Array(DIGEST_BYTES.sha256);
  let lastLength = 0;
  let runFrom = 0;
  for (let place = 0; place < order.length; place += 1) {
    let least = cursors[0] as GroupCursor;
    for (const cursor of cursors) {
      if (cursor !== least && cursor.isBefore(least)) {
        least = cursor;
      }
    }
    if (!least.isHash(last, lastLength)) {
      orderRun(file, order.subarray(runFrom, place), isDescending);
      runFrom = place;
      lastLength = least.copyTo(last);
    }
    order[place] = least.entry;
    least.advance();
    if (!least.isOpen) {
      cursors.splice(cursors.indexOf(least), 1);
    }
  }
  orderRun(file, order.subarray(runFrom), isDescending);
  return reversedIf(isDescending, order);
}

/** Puts entries of one hash in the order that ends up by position. */
function orderRun(file: IntakeFile, run: Uint32Array, isReversedLater: boolean): void {
  if (run.length > 1) {
    const { firstOcc } = file;
    const sign = isReversedLater ? -1 : 1;
    run.sort((a, b) => sign * ((firstOcc[a] as number) - (firstOcc[b] as number)));
  }
}

const CURSOR_ENTRIES = 8_192;

/** Walks one group in order, holding a block of its strongest digests. */
class GroupCursor {
  readonly #read: (from: number, count: number) => Uint8Array;
  readonly #group: EntryGroup;
  readonly #base: number;
  readonly #length: number;
  #place = 0;
  #block: Uint8Array = new Uint8Array(0);
  #blockFrom = 0;
  #blockEnd = 0;

  constructor(file: IntakeFile, group: EntryGroup, index: number) {
    const source = file.source();
    this.#read = (from, count) => source.read(index, from, count);
    this.#group = group;
    this.#base = file.firstEntryOf(index);
    const kind = strongestKind(group.mask);
    this.#length = kind === null ? 0 : DIGEST_BYTES[kind];
    this.#load();
  }

  get isOpen(): boolean {
    return this.#place < this.#group.count;
  }

  get entry(): number {
    return this.#base + this.#place;
  }

  advance(): void {
    this.#place += 1;
    if (this.#place === this.#blockEnd && this.isOpen) {
      this.#load();
    }
  }

  /** Compares as text: a hash that starts another one comes first. */
  isBefore(other: GroupCursor): boolean {
    const common = Math.min(this.#length, other.#length);
    let i = (this.#place - this.#blockFrom) * this.#group.stride;
    let j = (other.#place - other.#blockFrom) * other.#group.stride;
    for (let byte = 0; byte < common; byte += 1) {
      const difference = (this.#block[i] as number) - (other.#block[j] as number);
      if (difference !== 0) {
        return difference < 0;
      }
      i += 1;
      j += 1;
    }
    return this.#length < other.#length;
  }

  /** Whether the present entry's hash is this one. */
  isHash(hash: Uint8Array, length: number): boolean {
    const at = (this.#place - this.#blockFrom) * this.#group.stride;
    for (let byte = 0; byte < length; byte += 1) {
      if (this.#block[at + byte] !== hash[byte]) {
        return false;
      }
    }
    return length === this.#length;
  }

  /** Copies the present entry's hash and returns its length. */
  copyTo(target: Uint8Array): number {
    const at = (this.#place - this.#blockFrom) * this.#group.stride;
    target.set(this.#block.subarray(at, at + this.#length));
    return this.#length;
  }

  #load(): void {
    const count = Math.min(CURSOR_ENTRIES, this.#group.count - this.#place);
    this.#block = this.#read(this.#place, count);
    this.#blockFrom = this.#place;
    this.#blockEnd = this.#place + count;
  }
}

function reversedIf(isReversed: boolean, order: Uint32Array): Uint32Array {
  return isReversed ? order.reverse() : order;
}
