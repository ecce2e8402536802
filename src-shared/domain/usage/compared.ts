import { panelOf, type PanelId } from './panels.ts';

/** A panel with as long a time before. */
interface Compared {
  readonly panel: PanelId;
  readonly before: { readonly values: readonly (number | null)[]; readonly total: number | null } | null;
}

/**
 * The total of the time before, to compare with; null where there is none, and for counts where that time was recorded in
 * part only: less was counted then because nobody counted.
 */
export function totalBefore({ panel, before }: Compared): number | null {
  if (before === null || (panelOf(panel).measure === 'sum' && before.values.includes(null))) {
    return null;
  }
  return before.total;
}
