import type { PlannedIndicator } from '../../../db/repositories/sync/types.ts';
import type { ListedIndicator } from '../../../db/repositories/sync/indicators/indicators.ts';
import { type RunContext, RunEnd } from '../run-context.ts';

const PAGE = 500;

/**
 * Decides what a recall takes out: of what was named, whatever is in Threat Response or about to be. Keeps it as the plan
 * of the run and returns the ids. Asks nobody.
 */
export async function planRecall(context: RunContext): Promise<readonly number[]> {
  const { parts, run, counts } = context;
  const ids: number[] = [];
  const packages = new Set<string>();
  for await (const page of namedIndicators(context)) {
    context.check();
    const taken = page.filter((one) => one.sent || one.goes);
    const rows = taken.map((one): PlannedIndicator => {
      const held = one.held === 'own' ? 'own' : 'recalled';
      const common = { id: one.id, why: 'Called back.', wanted: one.wanted, held, heldBy: 'Called back.' } as const;
      return one.sent
        ? { ...common, action: 'withdrawn', reason: 'recalled' }
        : { ...common, action: 'held', reason: 'recalled' };
    });
    for (const [index, row] of rows.entries()) {
      counts[row.action] += 1;
      const name = taken[index]?.package ?? '';
      if (row.action === 'withdrawn' && name !== '') {
        packages.add(name);
      }
    }
    ids.push(...taken.map(({ id }) => id));
    await parts.database.write('putPlan', { runId: run.id, rows }, 'bulk');
  }
  counts.packages = packages.size;
  return ids;
}

async function* namedIndicators({ parts, job, run }: RunContext): AsyncGenerator<readonly ListedIndicator[]> {
  const { database } = parts;
  const { scope } = run;
  if (scope === null) {
    throw new RunEnd('failed', 'The recall does not say what to call back. Nothing was changed.');
  }
  if (scope.kind === 'all') {
    // Read whole before anything changes, so that pages do not shift.
    for (let offset = 0; ; offset += PAGE) {
      const { rows } = await database.read('syncIndicatorsPage', { jobId: job.id, which: 'all', offset, limit: PAGE });
      yield rows;
      if (rows.length < PAGE) {
        return;
      }
    }
  }
  const ids = scope.kind === 'run' ? await database.read('syncSentByRun', { runId: scope.runId }) : scope.ids;
  for (let at = 0; at < ids.length; at += PAGE) {
    yield await database.read('syncIndicatorsById', { jobId: job.id, ids: ids.slice(at, at + PAGE) });
  }
}
