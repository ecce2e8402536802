import type { DigestSet } from '#shared/domain/hash.ts';
import { digestSetOf, IntakeFile } from '../../../intakes/intake-file.ts';
import { intakePlace } from '../places.ts';

/**
 * The digests of samples, which Assay read itself, from the `from`-th on, straight from the file: an intake that is opened
 * for this would be judged again with every change that comes of it.
 */
export function computedSets(directory: string, id: number, from: number, limit: number): DigestSet[] {
  const file = new IntakeFile(intakePlace(directory, id).file);
  try {
    const source = file.source();
    const sets: DigestSet[] = [];
    let before = 0;
    for (const [number, group] of file.groups.entries()) {
      if (group.link !== 'computed') {
        continue;
      }
      const start = Math.max(from - before, 0);
      const count = Math.min(group.count - start, limit - sets.length);
      if (count > 0) {
        const block = source.read(number, start, count);
        for (let row = 0; row < count; row += 1) {
          sets.push(digestSetOf(group.mask, block.subarray(row * group.stride, (row + 1) * group.stride)));
        }
      }
      before += group.count;
    }
    return sets;
  } finally {
    file.close();
  }
}
