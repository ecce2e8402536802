import type { PackageKey } from '../../../db/repositories/sync/packages/packages.ts';
import { deploy } from './deploy.ts';
import { checkDocuments } from './documents.ts';
import { listFiles } from './hash-list.ts';
import { writeLabels } from './labels.ts';
import { createPackageWriter } from './package-writer.ts';
import type { RunContext } from '../run-context.ts';
import { openTanium, type TaniumTarget } from './tanium-target.ts';
import { termForms } from './term-forms.ts';
import { lookUpOpenWrites } from './unfinished.ts';

/**
 * Brings Threat Response to what the database says is to be there. Signs in only when there is something to do.
 * - `unfinished`: what is decided and not written, or was written and not answered
 * - `news`: the same after a run decided
 * - `everything`: compares the documents of the source, too
 * What was written is deployed, unless more is to be written first.
 */
export async function push(
  context: RunContext,
  what: 'unfinished' | 'news' | 'everything',
  deployed: 'now' | 'later' = 'now',
): Promise<void> {
  if (what !== 'everything' && !(await hasWork(context))) {
    return;
  }
  const { parts, job } = context;
  const target = await openTanium(context);
  try {
    await lookUpOpenWrites(context, target);
    if (what === 'everything') {
      await parts.database.write('dirtyPackages', { jobId: job.id }, 'bulk');
      await parts.database.write('mergePackages', { jobId: job.id, below: Math.floor(job.config.packageSize / 4) });
      await checkDocuments(context, target);
    }
    await writePackages(context, target);
    await writeLabels(context, target);
    await listFiles(context, target);
    if (deployed === 'now') {
      await deploy(context, target);
    }
  } finally {
    await target.close();
  }
}

/** Halves before the whole they take the place of: what was sent stays searched for all the time. */
async function writePackages(context: RunContext, target: TaniumTarget): Promise<void> {
  const { database } = context.parts;
  const dirty = await database.read('syncPackages', { jobId: context.job.id, dirtyOnly: true });
  if (dirty.length === 0) {
    return;
  }
  const forms = await termForms(context, target, dirty);
  const writer = createPackageWriter(context, target, forms);
  let done = 0;
  const queue: PackageKey[] = dirty.filter(({ retiring }) => !retiring);
  for (let key = queue.shift(); key !== undefined; key = queue.shift()) {
    const { jobId, type, prefix } = key;
    queue.unshift(...(await writer.write({ jobId, type, prefix })));
    done += 1;
    await context.progress('writing packages', done, done + queue.length);
  }
  for (const { jobId, type, prefix } of await database.read('syncPackages', {
    jobId: context.job.id,
    dirtyOnly: true,
  })) {
    const present = await database.read('syncPackage', { jobId, type, prefix });
    if (present?.retiring === true) {
      await writer.write({ jobId, type, prefix });
    }
  }
}

async function hasWork({ parts, job }: RunContext): Promise<boolean> {
  const { database } = parts;
  const jobId = job.id;
  const present = await database.read('syncJob', { jobId });
  if (present?.deployDue === true && job.config.deploy) {
    return true;
  }
  const isTarget = job.config.filesTo !== 'packages';
  const [open, packages, listDue] = await Promise.all([
    database.read('openLedgerRows', { jobId }),
    database.read('syncPackages', { jobId }),
    database.read('syncListDue', { jobId, isTarget, after: 0, limit: 1 }),
  ]);
  const isDue = packages.some(
    (one) => one.dirty || one.retiring || (one.intelId !== null && (one.labelsDue || one.scanDue)),
  );
  return open.length > 0 || listDue.length > 0 || isDue;
}
