import type { SyncJobConfig } from '#shared/settings/sync-job.ts';

/**
 * Why so many withdrawals may not go on by themselves, as a sentence; null when they may. `sent` is what of the job is in
 * Threat Response before the run.
 */
export function whyGuarded(
  withdrawals: number,
  sent: number,
  { guardShare, guardCount }: Pick<SyncJobConfig, 'guardShare' | 'guardCount'>,
): string | null {
  if (withdrawals === 0) {
    return null;
  }
  const isMany = withdrawals > guardCount;
  const isLarge = withdrawals * 100 > sent * guardShare;
  if (!isMany && !isLarge) {
    return null;
  }
  const share = sent === 0 ? 100 : (withdrawals * 100) / sent;
  const shown = share >= 10 ? Math.round(share).toString() : share.toFixed(1);
  const limit = isMany ? `more than ${guardCount}` : `more than ${guardShare} %`;
  return `${withdrawals} of ${sent} indicators (${shown} %) would be withdrawn, ${limit}`;
}
