import type { CallOutput, CallParsed } from '#shared/contract/index.ts';
import type { FailureRow } from '#shared/contract/usage.ts';
import { barsBeside } from '#shared/domain/usage/last-range.ts';
import { sourceOfCode } from '#shared/domain/source.ts';
import { labelOf, partOf } from './parts.ts';
import { recorded, type ReadParts } from './read-panel.ts';
import { gridOf } from './steps.ts';

/** Failed requests of a range by source and reason, most first. */
export async function readFailures(
  parts: ReadParts,
  { from, to }: CallParsed<'usage.failures'>,
): Promise<CallOutput<'usage.failures'>> {
  const grid = gridOf({ from, to, points: barsBeside({ from, to }) }, parts.retention, parts.now);
  const { rows } = await recorded(parts, 'outbound-failed', grid);
  const failures = new Map<string, FailureRow>();
  for (const row of rows) {
    const source = sourceOfCode(row.source);
    if (source !== null) {
      const reason = partOf('reason', row);
      const key = `${source} ${reason}`;
      const requests = (failures.get(key)?.requests ?? 0) + row.sum;
      failures.set(key, { source, reason, label: labelOf('reason', reason), requests });
    }
  }
  return { rows: [...failures.values()].sort((a, b) => b.requests - a.requests || (a.source < b.source ? -1 : 1)) };
}
