import type { Selection } from '#shared/contract/intake.ts';
import type { Judged } from './host/intake-host.ts';
import type { PlanTask } from './host/scan-plans.ts';
import type { ScanPlan } from './port.ts';
import type { IntakeRunner } from './run/runner.ts';

/** Plans on a thread of its own where there are threads; it is given back when the plan ends. */
export async function planScan(
  runner: IntakeRunner,
  settled: <T>(judged: Promise<Judged<T>>) => Promise<T>,
  id: number,
  selection: Selection,
  task: PlanTask,
): Promise<ScanPlan> {
  const thread = runner.borrow(id);
  try {
    const { planId, totals } = await settled(thread.call('planScan', id, selection, task));
    return {
      totals,
      async *slices(limit) {
        for (let from: number | null = 0; from !== null;) {
          const slice: Awaited<ReturnType<typeof next>> = await next(from, limit);
          yield slice;
          from = slice.next;
        }
      },
      async end() {
        await thread.call('endPlan', planId);
        await thread.end();
      },
    };
    function next(from: number, limit: number) {
      return thread.call('planSlice', planId, from, limit);
    }
  } catch (error) {
    await thread.end();
    throw error;
  }
}
