import { waitAfter } from '../repeat.ts';
import { failWrite, finishWrite, isUncertain, writeOnce } from './ledger-write.ts';
import type { RunContext } from '../run-context.ts';
import type { TaniumTarget } from './tanium-target.ts';

/**
 * Deploys once when documents were written since the last deploy, then scans for those that are to be scanned for. Either
 * failing is a warning: documents are in Threat Response all the same.
 */
export async function deploy(context: RunContext, target: TaniumTarget): Promise<void> {
  const { parts, job, counts } = context;
  const present = await parts.database.read('syncJob', { jobId: job.id });
  if (present?.deployDue === true && job.config.deploy) {
    await context.progress('deploying', 0, null);
    counts.deploys += 1;
    let tries = 0;
    while (await deployOnce(context, target, tries)) {
      tries += 1;
    }
  }
  await scan(context, target);
}

/**
 * Whether it is to be asked again, after a wait. Only where it certainly was not begun: each deploy costs every endpoint, and
 * one that went unanswered may be under way. The next run asks for that again.
 */
async function deployOnce(context: RunContext, target: TaniumTarget, tries: number): Promise<boolean> {
  const { ledgerId, result } = await writeOnce(
    context,
    target.client.host,
    { action: 'deploy', package: '' },
    (signal) => target.client.deploy(signal),
  );
  if (result.ok) {
    await finishWrite(context, ledgerId, { outcome: 'done', deployDue: false });
    context.log.write('info', 'Deployed.');
    return false;
  }
  const { fault } = result;
  const { httpStatus, message, kind } = fault;
  // Where there is no such call, asking again is of no use; else the next run tries again.
  const deployDue = kind !== 'gone';
  await finishWrite(context, ledgerId, { outcome: 'failed', httpStatus, message, deployDue });
  const wait = isUncertain(fault) ? null : waitAfter(fault, tries, 2);
  if (wait === null) {
    context.warn(`The deploy failed${deployDue ? '; the next run tries again' : ''}. ${message}`);
    return false;
  }
  await context.wait(fault, wait);
  return true;
}

async function scan(context: RunContext, target: TaniumTarget): Promise<void> {
  const { parts, job } = context;
  const packages = await parts.database.read('syncPackages', { jobId: job.id });
  const due = packages.filter(({ scanDue, retiring, intelId }) => scanDue && !retiring && intelId !== null);
  if (due.length === 0) {
    return;
  }
  const name = job.config.scanGroup;
  const group = name === '' ? null : await context.tryAsk((signal) => target.client.findGroup(name, signal));
  const groupId = group?.ok === true ? group.value : null;
  if (group !== null && groupId === null) {
    const why = group.ok ? 'Tanium has no computer group of that name.' : group.fault.message;
    context.warn(`Nothing was scanned for in ${name}. ${why}`);
  }
  let done = 0;
  for (const { jobId, type, prefix, intelId, name: packageName } of due) {
    if (groupId !== null && intelId !== null) {
      const entry = { action: `scan ${name}`, package: packageName, intelId };
      const { ledgerId, result } = await writeOnce(context, target.client.host, entry, (signal) =>
        target.client.scan(groupId, intelId, signal),
      );
      if (result.ok) {
        await finishWrite(context, ledgerId, { outcome: 'done' });
      } else {
        await failWrite(context, ledgerId, result.fault);
        // A scan is asked for once: a second one would cost the endpoints as much again.
        const { httpStatus, message } = result.fault;
        await finishWrite(context, ledgerId, { outcome: 'failed', httpStatus, message });
        context.warn(`${packageName} was not scanned for. ${message}`);
      }
    }
    await parts.database.write('setScanDue', { jobId, type, prefix, due: false });
    done += 1;
    await context.progress('asking for scans', done, due.length);
  }
}
