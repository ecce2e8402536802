import { DIGEST_BYTES, DIGEST_KINDS, type DigestSet } from '#shared/domain/hash.ts';
import type { IntakePlace } from '../../../db/repositories/intakes.ts';
import { kindsOfMask } from '../../../intakes/intake-columns.ts';
import type { IntakeFile } from '../../../intakes/intake-file.ts';

/** Larger intakes are few: opening them each time costs less than keeping their digests in memory. */
const MOST_DIGESTS = 100_000;
/** Together, 4 bytes each: 16 MB. */
const MOST_IN_ALL = 4_000_000;
/** An intake is opened so often before it is remembered: one look-up alone must not pay for the next ones. */
const OPENED_BEFORE = 1;
/** Milliseconds that one piece of work may spend on remembering. */
const BUDGET_MS = 5;
const BLOCK_ROWS = 4_096;

/**
 * Remembers the first four bytes of every digest of small intakes, so that a look-up opens only those that may hold its
 * hash. Intakes never change once they are kept; what is remembered of one that is gone is dropped by `keepOnly`.
 */
export class SeenIndex {
  readonly #prefixes = new Map<number, { readonly createdAt: number; readonly sorted: Uint32Array }>();
  readonly #opened = new Map<number, number>();
  #inAll = 0;

  /** False when the intake certainly holds none of the digests; true when it may, or is not remembered. */
  mayHold(place: IntakePlace, digests: DigestSet): boolean {
    const known = this.#prefixes.get(place.id);
    if (known === undefined || known.createdAt !== place.createdAt) {
      return true;
    }
    return DIGEST_KINDS.some((kind) => {
      const hex = digests[kind];
      return hex !== undefined && holds(known.sorted, Number.parseInt(hex.slice(0, 8), 16));
    });
  }

  /** Takes note of an intake that had to be opened. `spentMs` is what this piece of work spent here so far; returns it with what was added. */
  learn(place: IntakePlace, file: IntakeFile, spentMs: number): number {
    const times = this.#opened.get(place.id) ?? 0;
    this.#opened.set(place.id, times + 1);
    const count = file.groups.reduce((sum, group) => sum + group.count * kindsOfMask(group.mask).length, 0);
    const isWanted = times >= OPENED_BEFORE && !this.#prefixes.has(place.id) && spentMs < BUDGET_MS;
    if (!isWanted || count > MOST_DIGESTS || this.#inAll + count > MOST_IN_ALL) {
      return spentMs;
    }
    const started = performance.now();
    this.#prefixes.set(place.id, { createdAt: place.createdAt, sorted: prefixesOf(file, count) });
    this.#inAll += count;
    return spentMs + performance.now() - started;
  }

  /** Forgets intakes that are not among these. */
  keepOnly(places: readonly IntakePlace[]): void {
    const kept = new Set(places.map(({ id }) => id));
    for (const id of this.#opened.keys()) {
      if (!kept.has(id)) {
        this.#opened.delete(id);
        this.#inAll -= this.#prefixes.get(id)?.sorted.length ?? 0;
        this.#prefixes.delete(id);
      }
    }
  }
}

function prefixesOf(file: IntakeFile, count: number): Uint32Array {
  const prefixes = new Uint32Array(count);
  const source = file.source();
  let filled = 0;
  for (const [number, group] of file.groups.entries()) {
    const offsets = offsetsOf(group.mask);
    for (let from = 0; from < group.count; from += BLOCK_ROWS) {
      const rows = Math.min(BLOCK_ROWS, group.count - from);
      const bytes = source.read(number, from, rows);
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      for (let row = 0; row < rows; row += 1) {
        for (const offset of offsets) {
          prefixes[filled] = view.getUint32(row * group.stride + offset);
          filled += 1;
        }
      }
    }
  }
  return prefixes.sort();
}

/** Where each digest of a row begins. */
function offsetsOf(mask: number): number[] {
  const offsets: number[] = [];
  let at = 0;
  for (const kind of kindsOfMask(mask)) {
    offsets.push(at);
    at += DIGEST_BYTES[kind];
  }
  return offsets;
}

function holds(sorted: Uint32Array, prefix: number): boolean {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] as number) < prefix) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return sorted[low] === prefix;
}
