import type { IndicatorPair, PlannedIndicator } from '../../../db/repositories/sync/types.ts';
import { countPackages, createPackageMoves } from './count-packages.ts';
import { decide } from './decide.ts';
import { whyGuarded } from './guard.ts';
import type { RunOwners } from '../pulling/owners.ts';
import { type RunContext, RunEnd } from '../run-context.ts';

/** Pairs looked at together: so few that a page is garbage before it counts as long-lived. */
const PAGE = 250;

/**
 * Decides about every indicator that was pulled, or that is known and was not, and keeps the decisions. Counts them, and
 * for a run that writes nothing the packages it would touch.
 */
export async function planRun(context: RunContext, owners: RunOwners): Promise<void> {
  const { parts, job, run, counts } = context;
  const { database } = parts;
  const moves = createPackageMoves();
  let done = 0;
  for (let after = 0; ;) {
    context.check();
    const pairs = await database.read('syncPairs', {
      jobId: job.id,
      after,
      limit: PAGE,
      pulledOnly: run.kind === 'run',
    });
    const last = pairs.at(-1);
    if (last === undefined) {
      break;
    }
    const { holds, problems } = await parts.judge.judge(candidatesOf(pairs), job.config.own, context.stop.now);
    problems.forEach((problem) => context.warn(problem));
    const rows: PlannedIndicator[] = [];
    for (const pair of pairs) {
      const planned = decide(pair, { holds, isProtected: owners.mustStay });
      if (planned !== null) {
        rows.push(planned);
        counts[planned.action] += planned.shown === false ? 0 : 1;
        moves.note(planned, pair);
      }
    }
    await database.write('putPlan', { runId: run.id, rows }, 'bulk');
    after = last.id;
    done += pairs.length;
    await context.progress('comparing', done, null);
  }
  counts.packages = await countPackages(context, moves);
  context.log.write(
    'info',
    `${counts.new} new, ${counts.changed} changed, ${counts.withdrawn} withdrawn, ${counts.unchanged} unchanged, ` +
      `${counts.held} held back, ${counts.invalid} invalid.`,
  );
}

/** Why the run may not go on with its withdrawals, as a sentence; null when it may. */
export async function guardSentence(context: RunContext): Promise<string | null> {
  const { parts, job, counts } = context;
  const { sent } = await parts.database.read('syncCounts', { jobId: job.id });
  return whyGuarded(counts.withdrawn, sent, job.config);
}

/** Stops a run that would withdraw more than its job allows, unless a person allowed just these. */
export async function guard(context: RunContext): Promise<void> {
  const sentence = await guardSentence(context);
  if (sentence === null) {
    return;
  }
  const { database } = context.parts;
  const { approves, id } = context.run;
  if (approves !== null) {
    const allowed = new Set(await database.read('syncPlanIds', { runId: approves, action: 'withdrawn' }));
    const mine = await database.read('syncPlanIds', { runId: id, action: 'withdrawn' });
    const further = mine.filter((one) => !allowed.has(one)).length;
    if (further === 0) {
      context.log.write('info', `${mine.length} withdrawals were approved.`);
      return;
    }
    throw new RunEnd(
      'needs-approval',
      `${sentence}, and ${further} of them were not among those that were approved. Nothing was written. Look at them and approve, or cancel.`,
    );
  }
  throw new RunEnd('needs-approval', `${sentence}. Nothing was written. Look at them and approve, or cancel.`);
}

function candidatesOf(pairs: readonly IndicatorPair[]): readonly NonNullable<IndicatorPair['pulled']>[] {
  return pairs.flatMap(({ pulled }) =>
    pulled !== null && pulled.gone === null && pulled.invalid === null ? [pulled] : [],
  );
}
