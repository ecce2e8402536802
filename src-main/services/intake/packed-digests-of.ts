import type { PackedDigests } from './host/packed-digests.ts';
import { missingIntake } from './host/open-intake.ts';
import { isOnDisk } from './life-cycle.ts';
import type { IntakeRunner } from './run/runner.ts';

/** Entries taken at once: some 60,000 digests at the most. */
const ENTRIES = 20_000;

/** All digests of a kept intake, packed by kind, a stretch at a time. NOT_FOUND when its files are missing. */
export async function* packedDigestsOf(
  directory: string,
  runner: IntakeRunner,
  id: number,
): AsyncGenerator<readonly PackedDigests[]> {
  for (let from: number | null = 0; from !== null;) {
    if (!isOnDisk(directory, id)) {
      throw missingIntake(id);
    }
    const { digests, next }: { readonly digests: readonly PackedDigests[]; readonly next: number | null } =
      await runner.call('packedDigests', id, from, ENTRIES);
    yield digests;
    from = next;
  }
}
