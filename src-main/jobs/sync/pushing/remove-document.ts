import type { SizedPackage } from '../../../db/repositories/sync/packages/packages.ts';
import { writeRepeatably } from './ledger-write.ts';
import { type RunContext, RunEnd } from '../run-context.ts';
import type { TaniumTarget } from './tanium-target.ts';

/**
 * Deletes the document of a package that is to hold nothing, and forgets the package. Deleting what is gone counts as done, so
 * an unanswered delete is simply repeated.
 */
export async function removeDocument(
  context: RunContext,
  target: TaniumTarget,
  present: SizedPackage,
  removed: readonly number[],
): Promise<void> {
  const { parts } = context;
  const { jobId, type, prefix, touched, intelId, name } = present;
  const key = { jobId, type, prefix };
  const isOthers = intelId !== null && (await target.isOfOthers(intelId, present.rootId));
  if (isOthers) {
    context.warn(
      `${name} is not in Threat Response any more: its number stands for a document of others, which stays.`,
    );
  }
  if (intelId === null || isOthers) {
    await parts.database.write('keepPackage', { key: { ...key, touched }, members: [], removed }, 'bulk');
    await parts.database.write('dropPackage', { ...key, touched });
    return;
  }
  const due = context.job.config.deploy ? { deployDue: true } : {};
  const result = await writeRepeatably(
    context,
    target.client.host,
    { action: 'delete package', package: name, type, prefix, rootId: present.rootId, intelId, removed },
    (signal) => target.client.remove(intelId, signal),
    { gone: { key: { ...key, touched }, members: [], removed }, ...due },
  );
  if (!result.ok) {
    throw new RunEnd('failed', `${name} could not be deleted. ${result.fault.message}`);
  }
  context.counts.packages += 1;
  context.log.write('info', `${name} was deleted: nothing is in it any more.`);
}

/** Deletes a document that stands for no package: left over, or beside the one that does. A refusal is a warning. */
export async function removeExtra(
  context: RunContext,
  target: TaniumTarget,
  { name, rootId, intelId }: { readonly name: string; readonly rootId: string; readonly intelId: number },
): Promise<void> {
  const due = context.job.config.deploy ? { deployDue: true } : {};
  const result = await writeRepeatably(
    context,
    target.client.host,
    { action: 'delete package', package: name, rootId, intelId },
    (signal) => target.client.remove(intelId, signal),
    due,
  );
  if (result.ok) {
    context.counts.packages += 1;
    context.log.write('info', `A document of ${name} that is no longer used was deleted.`);
  } else {
    context.warn(`A document of ${name} that is no longer used could not be deleted. ${result.fault.message}`);
  }
}
