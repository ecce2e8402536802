import { DIGEST_BYTES, type DigestKind } from '#shared/domain/hash.ts';
import { IntakeFile } from '../../../intakes/intake-file.ts';
import { kindsOfMask } from '../../../intakes/intake-columns.ts';
import { intakePlace } from '../places.ts';

/** Digests of one kind, packed: count x bytes of the kind. */
export interface PackedDigests {
  readonly kind: DigestKind;
  readonly bytes: Uint8Array;
}

/**
 * All digests of entries `from` to `from + limit` of an intake, of every kind, straight from its file, also before it was
 * judged. `next` is null after the last entry.
 */
export function packedDigests(
  directory: string,
  id: number,
  from: number,
  limit: number,
): { readonly digests: readonly PackedDigests[]; readonly next: number | null } {
  const file = new IntakeFile(intakePlace(directory, id).file);
  try {
    const source = file.source();
    const to = Math.min(file.entries, from + limit);
    const digests: PackedDigests[] = [];
    for (const [number, group] of file.groups.entries()) {
      const first = file.firstEntryOf(number);
      const start = Math.max(from, first);
      const end = Math.min(to, first + group.count);
      if (start < end) {
        digests.push(...columnsOf(source.read(number, start - first, end - start), end - start, group.mask));
      }
    }
    return { digests, next: to < file.entries ? to : null };
  } finally {
    file.close();
  }
}

/** The digests of the last entry. */
export function lastDigests(directory: string, id: number): { readonly digests: readonly PackedDigests[] } {
  const file = new IntakeFile(intakePlace(directory, id).file);
  try {
    const { mask } = file.groups[file.groupOf(file.entries - 1)] ?? { mask: 0 };
    return { digests: file.entries === 0 ? [] : columnsOf(file.entryBytes(file.entries - 1), 1, mask) };
  } finally {
    file.close();
  }
}

function columnsOf(block: Uint8Array, rows: number, mask: number): PackedDigests[] {
  const kinds = kindsOfMask(mask);
  const stride = kinds.reduce((sum, kind) => sum + DIGEST_BYTES[kind], 0);
  let offset = 0;
  return kinds.map((kind) => {
    const width = DIGEST_BYTES[kind];
    const bytes = new Uint8Array(rows * width);
    for (let row = 0; row < rows; row += 1) {
      const at = row * stride + offset;
      bytes.set(block.subarray(at, at + width), row * width);
    }
    offset += width;
    return { kind, bytes };
  });
}
