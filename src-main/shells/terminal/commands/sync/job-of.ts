import type { SyncJobView, SyncRunView } from '#shared/contract/sync.ts';
import { AppError } from '#shared/errors/app-error.ts';
import type { Engine } from '../../../../services/engine-port.ts';

/** The job of that number or name. NOT_FOUND names those there are. */
export async function jobOf({ threatSync }: Engine, named: string): Promise<SyncJobView> {
  const { jobs } = await threatSync.jobs();
  const wanted = named.trim().toLowerCase();
  const found =
    jobs.find(({ name }) => name.toLowerCase() === wanted) ??
    (/^\d{1,9}$/.test(wanted) ? jobs.find(({ id }) => id === Number(wanted)) : undefined);
  if (found !== undefined) {
    return found;
  }
  throw new AppError(
    'NOT_FOUND',
    jobs.length === 0
      ? 'There is no sync job. Make one: assay sync create NAME.'
      : `There is no sync job "${named}". There are ${jobs.map(({ id, name }) => `${id} (${name})`).join(', ')}.`,
  );
}

/** Moments of sync (milliseconds) as the terminal prints times. */
export function utcOf(moment: number | null): string {
  return moment === null ? '' : new Date(moment).toISOString().slice(0, 16).replace('T', ' ');
}

/** The same as data. */
export function isoOf(moment: number | null): string | null {
  return moment === null ? null : new Date(moment).toISOString();
}

/** A run as data: its counts beside it, what it tries again in two fields, moments in UTC. */
export function plainRun({
  requestedAt,
  startedAt,
  endedAt,
  counts,
  retry,
  ...run
}: SyncRunView): Readonly<Record<string, unknown>> {
  return {
    ...run,
    requestedAt: isoOf(requestedAt),
    startedAt: isoOf(startedAt),
    endedAt: isoOf(endedAt),
    retryAt: isoOf(retry?.at ?? null),
    retryWhy: retry?.why ?? '',
    ...counts,
  };
}
