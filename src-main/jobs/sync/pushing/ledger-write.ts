import type { Settlement } from '../../../db/repositories/sync/packages/ledger.ts';
import type { LedgerEntry } from '../../../db/repositories/sync/types.ts';
import type { ServiceFault, ServiceResult } from '../../../net/service-fault.ts';
import { waitAfter } from '../repeat.ts';
import type { RunContext } from '../run-context.ts';

/** What a row of the ledger says beside whose it is and when; what is left out is empty. */
export type WriteEntry = Pick<LedgerEntry, 'action' | 'package'> &
  Partial<Pick<LedgerEntry, 'type' | 'prefix' | 'rootId' | 'intelId' | 'indicators' | 'added' | 'removed'>>;

/** What came of a write, as far as it is told. */
export type WriteOutcome = Pick<Settlement, 'outcome'> & Partial<Omit<Settlement, 'outcome' | 'ledgerId' | 'now'>>;

/**
 * Puts a write into the ledger, then sends it. The row stays open until it is finished: whatever ends the process in
 * between, the next run finds that something was on its way. Nothing is repeated.
 */
export async function writeOnce<R>(
  context: RunContext,
  host: string,
  entry: WriteEntry,
  send: (signal: AbortSignal) => Promise<R>,
): Promise<{ readonly ledgerId: number; readonly result: R }> {
  context.check();
  const { parts, job, run, stop } = context;
  const ledgerId = await parts.database.write('beginWrite', {
    type: null,
    prefix: null,
    rootId: null,
    intelId: null,
    indicators: 0,
    added: [],
    removed: [],
    ...entry,
    jobId: job.id,
    runId: run.id,
    at: parts.timer.now(),
    host,
  });
  const result = await send(stop.now);
  return { ledgerId, result };
}

/**
 * A write that changes nothing when it is done twice: an unanswered or passing fault is met by doing it again, up to three
 * times with growing waits, each in a row of its own. Settles the last one, with `done` on success.
 */
export async function writeRepeatably<T>(
  context: RunContext,
  host: string,
  entry: WriteEntry,
  send: (signal: AbortSignal) => Promise<ServiceResult<T>>,
  done: Omit<WriteOutcome, 'outcome'> = {},
): Promise<ServiceResult<T>> {
  for (let tries = 0; ; tries += 1) {
    const { ledgerId, result } = await writeOnce(context, host, entry, send);
    if (result.ok) {
      await finishWrite(context, ledgerId, { outcome: 'done', ...done });
      return result;
    }
    const { fault } = result;
    const { httpStatus, message } = fault;
    const wait = waitAfter({ ...fault, isPassing: fault.isPassing || isUncertain(fault) }, tries, 2);
    if (context.stop.between.aborted) {
      await failWrite(context, ledgerId, fault);
      context.check();
    }
    await finishWrite(context, ledgerId, { outcome: isRefused(fault) ? 'refused' : 'failed', httpStatus, message });
    if (wait === null) {
      return result;
    }
    await context.wait(fault, wait);
  }
}

/** Settles a row of the ledger, with all that follows from it. */
export async function finishWrite(context: RunContext, ledgerId: number, outcome: WriteOutcome): Promise<void> {
  const { database, timer } = context.parts;
  await database.write('settleWrite', { httpStatus: null, message: '', ...outcome, ledgerId, now: timer.now() });
}

/** Settles a row whose write failed; one that may have been done all the same stays to be looked up. */
export async function failWrite(context: RunContext, ledgerId: number, fault: ServiceFault): Promise<void> {
  const { httpStatus, message } = fault;
  const outcome = isUncertain(fault) ? 'unknown' : isRefused(fault) ? 'refused' : 'failed';
  await finishWrite(context, ledgerId, { outcome, httpStatus, message });
}

/** Whether the write may have been done although no good answer came. What was refused (4xx) certainly was not. */
export function isUncertain({ sent, httpStatus }: ServiceFault): boolean {
  return sent && (httpStatus === null || httpStatus < 400 || httpStatus >= 500);
}

function isRefused({ httpStatus }: ServiceFault): boolean {
  return httpStatus !== null && httpStatus >= 400 && httpStatus < 500;
}
