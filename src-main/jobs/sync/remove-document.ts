import type { SizedPackage } from '../../db/repositories/sync/packages.ts';
import { pause } from '../outbound/pause.ts';
import { failWrite, finishWrite, isUncertain, writeOnce } from './ledger-write.ts';
import { waitAfter } from './repeat.ts';
import { type RunContext, RunEnd } from './run-context.ts';
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
  if (intelId === null) {
    await parts.database.write('keepPackage', { key: { ...key, touched }, members: [], removed }, 'bulk');
    await parts.database.write('dropPackage', key);
    return;
  }
  for (let tries = 0; ; tries += 1) {
    const { ledgerId, result } = await writeOnce(
      context,
      target.client.host,
      { action: 'delete package', package: name, type, prefix, rootId: present.rootId, intelId, removed },
      (signal) => target.client.remove(intelId, signal),
    );
    if (result.ok) {
      const gone = { key: { ...key, touched }, members: [], removed };
      const due = context.job.config.deploy ? { deployDue: true } : {};
      await finishWrite(context, ledgerId, { outcome: 'done', gone, ...due });
      context.counts.packages += 1;
      context.log.write('info', `${name} was deleted: nothing is in it any more.`);
      return;
    }
    const { fault } = result;
    await failWrite(context, ledgerId, fault);
    context.log.write('warning', `${name}: ${fault.message}`);
    const wait = waitAfter({ ...fault, isPassing: fault.isPassing || isUncertain(fault) }, tries, 2);
    if (wait === null) {
      throw new RunEnd('failed', `${name} could not be deleted. ${fault.message}`);
    }
    await pause(parts.timer, wait, context.stop.between);
    // The delete that follows settles what became of this one.
    if (isUncertain(fault)) {
      await finishWrite(context, ledgerId, { outcome: 'failed', httpStatus: fault.httpStatus, message: fault.message });
    }
  }
}
