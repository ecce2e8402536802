import { CHANGE } from '../../db/change-kinds.ts';
import type { SyncRunRow } from '../../db/repositories/sync/types.ts';
import { assertNever, isAppError } from '#shared/errors/app-error.ts';
import { planRecall } from './planning/recall.ts';
import { guard, guardSentence, planRun } from './planning/plan-run.ts';
import type { SyncEngineParts } from './port.ts';
import { pull, type Pulled } from './pulling/pull.ts';
import { push } from './pushing/push.ts';
import { createRunContext, type RunContext, RunEnd, type StopSignals } from './run-context.ts';

/** A run's message holds so many; its log has them all. */
const MOST_WARNINGS = 5;

/**
 * Does one run that was taken up, from the pull to the deploy, and puts down how it ended. Never rejects for what can go
 * wrong in a run: that is its message. A fault of the program is told, too.
 */
export async function doRun(parts: SyncEngineParts, run: SyncRunRow, ending: StopSignals): Promise<void> {
  const { database } = parts;
  const job = await database.read('syncJob', { jobId: run.jobId });
  if (job === null) {
    return;
  }
  const between = new AbortController();
  const stopWatching = watchForCancel(parts, run.id, between);
  const onEnding = (): void => between.abort('interrupted');
  ending.between.addEventListener('abort', onEnding, { once: true });
  if (ending.between.aborted) {
    onEnding();
  }
  const context = createRunContext(parts, job, run, { between: between.signal, now: ending.now });
  let end: RunEnd;
  try {
    context.log.write('info', `Run ${run.id} of ${job.name} begins: ${run.kind}.`);
    end = await work(context);
  } catch (error) {
    end = endOf(context, error);
  } finally {
    stopWatching();
    ending.between.removeEventListener('abort', onEnding);
  }
  await putDown(context, end);
}

/** The steps of a run, by its kind. */
async function work(context: RunContext): Promise<RunEnd> {
  switch (context.run.kind) {
    case 'recall-dry-run':
      await planRecall(context);
      return new RunEnd('done', `${indicators(context.counts.withdrawn)} would be taken out. Nothing was written.`);
    case 'recall':
      return recall(context);
    case 'dry-run': {
      await fresh(context);
      const { owners } = await pulled(context);
      await planRun(context, owners);
      const stop = await guardSentence(context);
      const told = stop === null ? '' : ` A run would stop and ask: ${stop}.`;
      return new RunEnd('done', `Nothing was written.${told}`);
    }
    case 'run':
    case 'reconcile':
      return pullAndPush(context);
    default:
      return assertNever(context.run.kind);
  }
}

async function pullAndPush(context: RunContext): Promise<RunEnd> {
  const { parts, job, run } = context;
  const { database } = parts;
  await fresh(context);
  // What a run before left unfinished goes first: it is decided already, and whether it arrived has to be known.
  await push(context, 'unfinished', 'later');
  const written = context.counts.packages;
  const pull = await decided(context);
  // From a plan on it is what would be written; from here on what is.
  context.counts.packages = written;
  await context.progress('noting what was decided', 0, null);
  await database.write('applyPlan', { jobId: job.id, runId: run.id }, 'bulk');
  await push(context, run.kind === 'reconcile' ? 'everything' : 'news');
  await advance(context, pull);
  return new RunEnd('done', '');
}

/** Pulls and plans. A run that goes no further deploys what it wrote until then: there is one deploy a run. */
async function decided(context: RunContext): Promise<Pulled> {
  try {
    const pull = await pulled(context);
    await planRun(context, pull.owners);
    await guard(context);
    return pull;
  } catch (error) {
    await deployWritten(context);
    throw error;
  }
}

async function deployWritten(context: RunContext): Promise<void> {
  if (context.stop.between.aborted) {
    return;
  }
  try {
    await push(context, 'unfinished');
  } catch (error) {
    const { message } = endOf(context, error);
    context.warn(`What was written is not deployed yet; the next run does it. ${message}`);
  }
}

async function recall(context: RunContext): Promise<RunEnd> {
  const { parts, job } = context;
  const ids = await planRecall(context);
  context.counts.packages = 0;
  await parts.database.write('recallIndicators', { jobId: job.id, ids, by: 'Called back.' }, 'bulk');
  try {
    await push(context, 'unfinished');
  } catch (error) {
    const { state, message } = endOf(context, error);
    const noted = 'They are noted as called back: the next run of the job takes out those that are still there.';
    throw new RunEnd(state, state === 'failed' ? `${message} ${noted}` : message);
  }
  return new RunEnd(
    'done',
    context.counts.withdrawn === 1
      ? '1 indicator was taken out and stays out until it is released.'
      : `${context.counts.withdrawn} indicators were taken out and stay out until they are released.`,
  );
}

/** What another run pulled must not be mixed in. */
async function fresh({ parts, job }: RunContext): Promise<void> {
  await parts.database.write('clearPulled', { jobId: job.id }, 'bulk');
}

async function pulled(context: RunContext): Promise<Pulled> {
  const opened = await context.parts.connect.threatConnect(context.job, context.recorder.onExchange, context.repeat);
  if (!opened.ok) {
    throw new RunEnd('failed', opened.message);
  }
  try {
    return await pull(context, opened.client);
  } finally {
    await opened.close();
  }
}

/** Only after full success, and not when a person moved Last Modified meanwhile. */
async function advance({ parts, job, run }: RunContext, { startedAt, upTo, owners }: Pulled): Promise<void> {
  const to = upTo - job.config.overlapMinutes * 60_000;
  await parts.database.write('advanceSyncJob', {
    jobId: job.id,
    readOwners: owners.read(),
    lastModified: Math.max(to, 0),
    ...(run.kind === 'reconcile' ? { reconciledAt: startedAt } : {}),
    ifStill: { revision: job.revision, lastModified: job.lastModified },
  });
}

async function putDown(context: RunContext, end: RunEnd): Promise<void> {
  await refreshKnownFiles(context);
  const { parts, run, counts, log, recorder, warnings } = context;
  const more =
    warnings.length > MOST_WARNINGS ? [`${warnings.length - MOST_WARNINGS} more warnings are in its log.`] : [];
  const sentences = [end.message, ...warnings.slice(0, MOST_WARNINGS), ...more];
  const message = sentences.filter((text) => text !== '').join(' ');
  log.write(
    end.state === 'failed' ? 'error' : 'info',
    `Run ${run.id} ended: ${end.state.replaceAll('-', ' ')}. ${end.message}`.trim(),
  );
  counts.requests = recorder.count();
  const flushed = await Promise.allSettled([recorder.flush(), log.flush()]);
  for (const result of flushed) {
    if (result.status === 'rejected') {
      parts.onFault(result.reason);
    }
  }
  const { state } = end;
  await parts.database.write('endSyncRun', { runId: run.id, state, counts, message, now: parts.timer.now() });
}

/** What triage knows of pulled files. A run that was broken off leaves it to the next one. */
async function refreshKnownFiles(context: RunContext): Promise<void> {
  const { parts, run, stop } = context;
  if (run.kind === 'dry-run' || run.kind === 'recall-dry-run') {
    return;
  }
  try {
    await parts.refreshKnownFiles(run.jobId, stop.now);
  } catch (error) {
    if (!stop.now.aborted) {
      context.warn('The known sets of pulled files could not be brought up to date; the next run tries again.');
      parts.onFault(error);
    }
  }
}

/** A person may cancel from any process: the database tells. */
function watchForCancel(parts: SyncEngineParts, runId: number, between: AbortController): () => void {
  let isLooking = false;
  const look = async (): Promise<void> => {
    isLooking = true;
    try {
      if ((await parts.database.read('syncRun', { runId }))?.cancel === true) {
        between.abort('cancelled');
      }
    } finally {
      isLooking = false;
    }
  };
  return parts.database.onChange(({ kinds }) => {
    if (kinds.includes(CHANGE.sync) && !isLooking && !between.signal.aborted) {
      look().catch((error: unknown) => parts.onFault(error));
    }
  });
}

function endOf(context: RunContext, error: unknown): RunEnd {
  if (error instanceof RunEnd) {
    return error;
  }
  try {
    // What is broken off because the run has to end may say so in any way.
    context.check();
  } catch (stopped) {
    if (stopped instanceof RunEnd) {
      return stopped;
    }
  }
  if (isAppError(error)) {
    return new RunEnd('failed', error.message);
  }
  context.parts.onFault(error);
  return new RunEnd('failed', 'An unexpected fault of Assay ended the run. What was written stays and is known.');
}

function indicators(many: number): string {
  return many === 1 ? '1 indicator' : `${many} indicators`;
}
