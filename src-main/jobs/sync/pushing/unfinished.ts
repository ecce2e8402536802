import type { PackageKey } from '../../../db/repositories/sync/packages/packages.ts';
import type { LedgerRow } from '../../../db/repositories/sync/types.ts';
import type { Intel } from '../../../destinations/tanium/port.ts';
import { finishWrite } from './ledger-write.ts';
import { noteDocument } from './note-document.ts';
import { findDocument } from './package-writer.ts';
import type { RunContext } from '../run-context.ts';
import type { TaniumTarget } from './tanium-target.ts';

const REPEATED = 'No answer came. It is done again where it is still due.';
const OF_PACKAGES = ['create package', 'replace package', 'delete package'];

/**
 * Finds out what became of writes that were never answered, because a process or connection ended: their documents are looked
 * for by root id, then by name. What is there is the package's document from then on and is written again; what is not is
 * made again. So nothing is there twice.
 */
export async function lookUpOpenWrites(context: RunContext, target: TaniumTarget): Promise<void> {
  const { database } = context.parts;
  const open = await database.read('openLedgerRows', { jobId: context.job.id });
  if (open.length === 0) {
    return;
  }
  context.log.write('info', `${open.length} writes were not answered: looking up what became of them.`);
  const isOfPackage = open.some(({ action }) => OF_PACKAGES.includes(action));
  const intels = isOfPackage ? await target.intels() : [];
  for (const row of open) {
    context.check();
    const { type, prefix } = row;
    if (type !== null && prefix !== null && OF_PACKAGES.includes(row.action)) {
      await lookUp(context, row, { jobId: row.jobId, type, prefix }, intels);
    } else {
      await finishWrite(context, row.id, { outcome: 'failed', message: REPEATED });
    }
  }
}

async function lookUp(context: RunContext, row: LedgerRow, key: PackageKey, intels: readonly Intel[]): Promise<void> {
  const { database } = context.parts;
  const found = findDocument(intels, { rootId: row.rootId ?? '', name: row.package });
  const present = await database.read('syncPackage', key);
  if (present !== null) {
    await noteDocument(context, present, found);
  }
  const isDelete = row.action === 'delete package';
  const arrived = isDelete ? found === null : found !== null;
  const deployDue = context.job.config.deploy && arrived ? { deployDue: true } : {};
  await finishWrite(context, row.id, {
    outcome: arrived ? 'found' : 'failed',
    message: arrived ? 'No answer came; it was found to be done.' : 'No answer came, and it was not done.',
    intelId: found?.id,
    ...deployDue,
  });
}
