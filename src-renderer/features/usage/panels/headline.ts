import type { PanelData } from '#shared/contract/usage.ts';
import { totalBefore } from '#shared/domain/usage/compared.ts';
import type { Panel } from '#shared/domain/usage/panels.ts';
import { beforeWords, changeWords, valueWords } from '../../../charts/index.ts';
import { bytes } from '../../../components/words.ts';

/** The figure of a panel, what it is held against, and the same in more words. */
export interface Headline {
  readonly now: string;
  readonly note: string;
  readonly hint: string;
}

/**
 * What stands at the head of a panel: its total, and the change against the time before where that was asked for. Where
 * it was not, or that time was not recorded as a whole, the most in one interval. `cap` is the maximum size of the
 * database in bytes.
 */
export function headlineOf(panel: Panel, data: PanelData, cap: number): Headline {
  const { total, peak, before } = data;
  const now = total === null ? '–' : valueWords(panel.unit, total);
  if (panel.id === 'database-size') {
    return { now, note: `of ${bytes(cap)}`, hint: `${now} of at most ${bytes(cap)}` };
  }
  const hasPeak = peak !== null && peak > 0 && peak !== total && panel.measure !== 'share';
  const most = hasPeak ? `peak ${valueWords(panel.unit, peak)}` : '';
  const change = total === null ? null : changeOf(panel, total, totalBefore(data));
  if (panel.id === 'outbound-queue' || change === null) {
    return { now, note: total === null ? '' : most, hint: '' };
  }
  const hint = `${beforeWords(data)}: ${valueWords(panel.unit, before?.total ?? null)}${most === '' ? '' : `; ${most}`}`;
  return { now, note: change, hint };
}

/** Sums and means change by a share; what is kept, and shares themselves, by as much as they differ. */
function changeOf(panel: Panel, total: number, before: number | null): string | null {
  if (before === null) {
    return null;
  }
  if (panel.measure === 'sum' || panel.measure === 'mean') {
    return changeWords(total, before);
  }
  const difference = total - before;
  const size = Math.abs(difference);
  const words = panel.measure === 'share' ? `${Math.round(size * 10) / 10} points` : valueWords(panel.unit, size);
  return difference === 0 ? 'as before' : `${difference < 0 ? '−' : '+'}${words}`;
}
