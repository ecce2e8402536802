import type { SizedPackage } from '../../../db/repositories/sync/packages/packages.ts';
import type { Intel } from '../../../destinations/tanium/port.ts';
import type { RunContext } from '../run-context.ts';

/**
 * Notes which document stands for a package now, null for none, and that it is to be written whatever it says. Another
 * document than before has no labels of ours yet.
 */
export async function noteDocument(
  { parts }: RunContext,
  present: Pick<SizedPackage, 'jobId' | 'type' | 'prefix' | 'intelId'>,
  found: Pick<Intel, 'id'> | null,
): Promise<void> {
  const { jobId, type, prefix } = present;
  const key = { jobId, type, prefix };
  if (found === null || found.id !== present.intelId) {
    await parts.database.write('setPackageLabels', { ...key, labels: [] });
  }
  await parts.database.write('setPackage', {
    ...key,
    intelId: found?.id ?? null,
    sentDigest: null,
    serverMd5: null,
    dirty: true,
  });
}
