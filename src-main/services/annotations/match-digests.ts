import { DIGEST_BYTES, kindOfByteLength } from '#shared/domain/hash.ts';
import { kindsOfMask, offsetInEntry } from '../../intakes/intake-columns.ts';
import type { IntakeFile } from '../../intakes/intake-file.ts';

/** Looking one digest up in an intake file costs as much as comparing so many of its entries. */
const ENTRIES_PER_LOOK = 100;
/** Entries read at once. */
const BLOCK = 4_096;
/** First bits of a digest that rule most of them out. */
const BEGIN_BITS = 20;

/**
 * The entries that hold one of some digests, as pairs of the digest's number and the entry. Few digests are looked up in the
 * file's order; for many, the file is gone through once. `count` is how many digests there are.
 */
export function matchDigests(
  file: IntakeFile,
  digests: Iterable<readonly [digest: Uint8Array, number: number]>,
  count: number,
): readonly (readonly [number: number, entry: number])[] {
  return count * ENTRIES_PER_LOOK < file.entries ? lookedUp(file, digests) : scanned(file, digests);
}

function lookedUp(
  file: IntakeFile,
  digests: Iterable<readonly [Uint8Array, number]>,
): readonly (readonly [number, number])[] {
  const found: (readonly [number, number])[] = [];
  for (const [digest, number] of digests) {
    const kind = kindOfByteLength(digest.length);
    for (const entry of kind === null ? [] : file.findAll(kind, digest)) {
      found.push([number, entry]);
    }
  }
  return found;
}

function scanned(
  file: IntakeFile,
  digests: Iterable<readonly [Uint8Array, number]>,
): readonly (readonly [number, number])[] {
  const wanted = new Map<number, (readonly [Uint8Array, number])[]>();
  // Most digests of a list are ruled out by their first bits, without a look into the map.
  const begins = new Uint8Array(1 << BEGIN_BITS);
  for (const pair of digests) {
    const view = viewOf(pair[0]);
    const key = keyAt(view, 0);
    wanted.set(key, [...(wanted.get(key) ?? []), pair]);
    begins[beginAt(view, 0)] = 1;
  }
  const found: (readonly [number, number])[] = [];
  const source = file.source();
  file.groups.forEach(({ mask, count, stride }, group) => {
    const columns = kindsOfMask(mask).map((kind) => ({ at: offsetInEntry(mask, kind), width: DIGEST_BYTES[kind] }));
    for (let from = 0; from < count; from += BLOCK) {
      const rows = Math.min(BLOCK, count - from);
      const bytes = source.read(group, from, rows);
      const view = viewOf(bytes);
      for (let row = 0; row < rows; row += 1) {
        for (const { at, width } of columns) {
          const start = row * stride + at;
          const maybe = begins[beginAt(view, start)] === 1 ? (wanted.get(keyAt(view, start)) ?? []) : [];
          for (const [digest, number] of maybe) {
            if (digest.length === width && Buffer.compare(digest, bytes.subarray(start, start + width)) === 0) {
              found.push([number, file.firstEntryOf(group) + from + row]);
            }
          }
        }
      }
    }
  });
  return found;
}

function beginAt(view: DataView, at: number): number {
  return view.getUint32(at) >>> (32 - BEGIN_BITS);
}

/** The first six bytes as a number. */
function keyAt(view: DataView, at: number): number {
  return view.getUint32(at) * 0x10000 + view.getUint16(at + 4);
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
