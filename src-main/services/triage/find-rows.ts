import { DIGEST_BYTES } from '#shared/domain/hash.ts';
import { kindsOfMask, type EntryGroup } from '../../intakes/intake-columns.ts';
import { hexOf, type Digest } from './digest-keys.ts';
import type { EntrySource } from './port.ts';

const BLOCK_ROWS = 1 << 14;
/** Digests of one kind up to which a search for each beats a pass over all rows. */
const FEW = 5_000;

export interface FoundRow {
  readonly entry: number;
  readonly group: EntryGroup;
  /** The row's digests, strongest first; a copy. */
  readonly bytes: Uint8Array;
}

/** Every row that holds one of the digests, each once, in entry order. */
export function findRows(entries: EntrySource, digests: ReadonlyMap<string, Digest>): readonly FoundRow[] {
  const found: FoundRow[] = [];
  let base = 0;
  for (const [number, group] of entries.groups.entries()) {
    const places = new Set<number>();
    const kinds = kindsOfMask(group.mask);
    const strongest = [...digests.values()].filter((digest) => digest.kind === kinds[0]);
    const isFew = strongest.length <= FEW;
    if (isFew) {
      for (const digest of strongest) {
        search(entries, number, group, digest.bytes, places);
      }
    }
    scan(entries, number, group, digests, isFew ? 1 : 0, places);
    for (const place of [...places].sort((a, b) => a - b)) {
      found.push({ entry: base + place, group, bytes: entries.read(number, place, 1).slice() });
    }
    base += group.count;
  }
  return found;
}

/** Rows that start with the digest: their strongest one, by which the group is sorted. */
function search(
  entries: EntrySource,
  number: number,
  group: EntryGroup,
  digest: Uint8Array,
  places: Set<number>,
): void {
  let low = 0;
  let high = group.count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (Buffer.compare(entries.read(number, middle, 1).subarray(0, digest.length), digest) < 0) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  for (let place = low; place < group.count; place += 1) {
    if (Buffer.compare(entries.read(number, place, 1).subarray(0, digest.length), digest) !== 0) {
      return;
    }
    places.add(place);
  }
}

/** Looks at digests from column `first` on in every row of a group: they lie in no order. */
function scan(
  entries: EntrySource,
  number: number,
  group: EntryGroup,
  digests: ReadonlyMap<string, Digest>,
  first: number,
  places: Set<number>,
): void {
  const kinds = kindsOfMask(group.mask);
  const columns = kinds.map((kind, column) => ({
    width: DIGEST_BYTES[kind],
    offset: kinds.slice(0, column).reduce((sum, one) => sum + DIGEST_BYTES[one], 0),
    starts: startsOf([...digests.values()].filter((digest) => digest.kind === kind)),
  }));
  const wanted = columns.slice(first).filter(({ starts }) => starts !== null);
  for (let from = 0; wanted.length > 0 && from < group.count; from += BLOCK_ROWS) {
    const count = Math.min(BLOCK_ROWS, group.count - from);
    const bytes = entries.read(number, from, count);
    for (let row = 0; row < count; row += 1) {
      for (const { width, offset, starts } of wanted) {
        const at = row * group.stride + offset;
        const start = ((bytes[at] as number) << 8) | (bytes[at + 1] as number);
        if (starts?.[start] === 1 && digests.has(hexOf(bytes.subarray(at, at + width)))) {
          places.add(from + row);
        }
      }
    }
  }
}

/** Marks the first two bytes of each digest, so that nearly all rows are passed over by one look; null for none. */
function startsOf(digests: readonly Digest[]): Uint8Array | null {
  if (digests.length === 0) {
    return null;
  }
  const starts = new Uint8Array(1 << 16);
  for (const { bytes } of digests) {
    starts[((bytes[0] as number) << 8) | (bytes[1] as number)] = 1;
  }
  return starts;
}
