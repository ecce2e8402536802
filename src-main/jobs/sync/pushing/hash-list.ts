import type { Term } from '#shared/domain/indicator.ts';
import type { ListDue } from '../../../db/repositories/sync/indicators/listed.ts';
import { LISTED_NOTES, type ListedFile } from '../../../destinations/tanium/port.ts';
import { failWrite, finishWrite, writeOnce, writeRepeatably } from './ledger-write.ts';
import { type RunContext, RunEnd } from '../run-context.ts';
import type { TaniumTarget } from './tanium-target.ts';

/** Files in one request. */
const AT_ONCE = 200;
/** Taking off is a request per file, or several: so many are noted together as being off the list. */
const OFF_AT_ONCE = 20;

/**
 * Brings Tanium's reputation hash list to what of the job's files is to be on it. Putting on what is there, and taking off
 * what is not, changes nothing: an unanswered request is simply repeated. What is off the list is noted as it goes, so that
 * no later run asks for it again.
 */
export async function listFiles(context: RunContext, target: TaniumTarget): Promise<void> {
  const { parts, job } = context;
  const isTarget = job.config.filesTo !== 'packages';
  let done = 0;
  for (let after = 0; ;) {
    const due = await parts.database.read('syncListDue', { jobId: job.id, isTarget, after, limit: AT_ONCE });
    const last = due.at(-1);
    if (last === undefined) {
      return;
    }
    const isOff = await unlist(context, target, due);
    await list(context, target, due);
    await note(context, isOff ? due : due.flatMap(withWhatStays));
    after = last.id;
    done += due.length;
    await context.progress('writing the reputation hash list', done, null);
  }
}

async function note({ parts, job }: RunContext, rows: readonly ListDue[]): Promise<void> {
  const isOnlyTarget = job.config.filesTo === 'hash-list';
  await parts.database.write('noteListed', { jobId: job.id, isOnlyTarget, rows }, 'bulk');
}

/** A file as it is on the list when nothing could be taken off; none for one that is to have nothing there. */
function withWhatStays(row: ListDue): readonly ListDue[] {
  return row.listed === null && row.toUnlist.length > 0
    ? []
    : [{ ...row, listed: row.listed === null ? null : [...row.listed, ...row.toUnlist] }];
}

async function list(context: RunContext, target: TaniumTarget, due: readonly ListDue[]): Promise<void> {
  const rows = due.filter(({ toList }) => toList.length > 0);
  if (rows.length === 0) {
    return;
  }
  const notes = `${LISTED_NOTES}${context.job.name}`;
  const files = rows.map(({ toList }) => toListed(toList, notes));
  const result = await writeRepeatably(
    context,
    target.client.host,
    { action: 'list hashes', package: '', indicators: rows.length, added: rows.map(({ id }) => id) },
    (signal) => target.client.listFiles(files, signal),
  );
  if (!result.ok) {
    throw new RunEnd('failed', `Files could not be put on the reputation hash list. ${result.fault.message}`);
  }
  context.log.write('info', `${rows.length} files were put on the reputation hash list.`);
}

/** Whether they are off the list now. Where the server has no way to take them off that is a warning. */
async function unlist(context: RunContext, target: TaniumTarget, due: readonly ListDue[]): Promise<boolean> {
  const rows = due.filter(({ toUnlist }) => toUnlist.length > 0);
  for (let at = 0; at < rows.length; at += OFF_AT_ONCE) {
    const some = rows.slice(at, at + OFF_AT_ONCE);
    if (!(await unlistSome(context, target, some))) {
      return false;
    }
    // What is to be put on it, too, is there only after that.
    const gone = some.filter(({ toList }) => toList.length === 0);
    await note(context, gone);
    await context.progress('taking files off the reputation hash list', at + some.length, rows.length);
  }
  if (rows.length > 0) {
    context.log.write('info', `${rows.length} files were taken off the reputation hash list.`);
  }
  return true;
}

async function unlistSome(context: RunContext, target: TaniumTarget, rows: readonly ListDue[]): Promise<boolean> {
  const files = rows.map(({ toUnlist }) => toListed(toUnlist, ''));
  const { ledgerId, result } = await writeOnce(
    context,
    target.client.host,
    { action: 'unlist hashes', package: '', indicators: rows.length, removed: rows.map(({ id }) => id) },
    // Each of its requests is repeated by the client.
    (signal) => target.client.unlistFiles(files, signal),
  );
  if (result.ok) {
    await finishWrite(context, ledgerId, { outcome: 'done' });
    return true;
  }
  await failWrite(context, ledgerId, result.fault);
  context.check();
  const sentence = `Files could not be taken off the reputation hash list. ${result.fault.message}`;
  if (result.fault.kind !== 'gone') {
    throw new RunEnd('failed', sentence);
  }
  context.warn(sentence);
  return false;
}

function toListed(terms: readonly Term[], notes: string): ListedFile {
  const of = (kind: Term['kind']): string => terms.find((term) => term.kind === kind)?.value ?? '';
  return { md5: of('md5'), sha1: of('sha1'), sha256: of('sha256'), notes };
}
