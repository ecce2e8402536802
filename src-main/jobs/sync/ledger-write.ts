import type { Settlement } from '../../db/repositories/sync/ledger.ts';
import type { LedgerEntry } from '../../db/repositories/sync/types.ts';
import type { ServiceFault } from '../../net/service-fault.ts';
import type { RunContext } from './run-context.ts';

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

/** Settles a row of the ledger, with all that follows from it. */
export async function finishWrite(context: RunContext, ledgerId: number, outcome: WriteOutcome): Promise<void> {
  const { database, timer } = context.parts;
  await database.write('settleWrite', { httpStatus: null, message: '', ...outcome, ledgerId, now: timer.now() });
}

/** Settles a row whose write failed; one that may have been done all the same stays to be looked up. */
export async function failWrite(context: RunContext, ledgerId: number, fault: ServiceFault): Promise<void> {
  const { httpStatus, message } = fault;
  const isRefused = httpStatus !== null && httpStatus >= 400 && httpStatus < 500;
  const outcome = isUncertain(fault) ? 'unknown' : isRefused ? 'refused' : 'failed';
  await finishWrite(context, ledgerId, { outcome, httpStatus, message });
}

/** Whether the write may have been done although no good answer came. What was refused (4xx) certainly was not. */
export function isUncertain({ sent, httpStatus }: ServiceFault): boolean {
  return sent && (httpStatus === null || httpStatus < 400 || httpStatus >= 500);
}
