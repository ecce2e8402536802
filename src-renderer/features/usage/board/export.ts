import type { PanelData } from '#shared/contract/usage.ts';
import { panelOf, type BoardTableId, type Panel, type PanelId, type Split } from '#shared/domain/usage/panels.ts';
import { sayFault, useApp } from '../../../app/store.ts';
import { call, CallError } from '../../../bridge/client.ts';
import { chartPng } from '../../../charts/index.ts';
import type { Stretch } from './ranges.ts';
import { presentBoard, useBoardState } from './store.ts';

/**
 * Writes panels over a stretch of time to a file the person chooses, broken down as they are shown. It runs as a job, with
 * progress and the way to stop it, which says at its end where the file is. `tables` stand in HTML only.
 */
export async function exportPanels(
  format: 'csv' | 'html',
  { from, to, bars: points }: Stretch,
  panels: readonly PanelId[],
  tables: readonly BoardTableId[] = [],
): Promise<void> {
  if (useBoardState.getState().writing !== null || panels.length === 0) {
    return;
  }
  const { compare, splits } = presentBoard();
  useBoardState.setState({ writing: format });
  try {
    await call('usage.export', {
      format,
      from,
      to,
      points,
      compare,
      panels: [...panels],
      splits: splitsOf(panels, splits),
      tables: [...tables],
    });
  } catch (error) {
    sayUnlessCancelled(error);
  } finally {
    useBoardState.setState({ writing: null });
  }
}

/** Writes a table of the board as CSV. */
export async function exportTable(table: BoardTableId, { from, to }: Stretch): Promise<void> {
  try {
    await call('usage.exportTable', { table, from, to });
  } catch (error) {
    sayUnlessCancelled(error);
  }
}

/** Saves the chart of one panel as it is drawn, with its title and range; a simulated one says so. */
export async function savePicture(panel: Panel & { readonly id: PanelId }, data: PanelData): Promise<void> {
  try {
    const isSimulated = useApp.getState().boot?.simulated === true;
    const title = isSimulated ? `${panel.title} (simulated)` : panel.title;
    const png = await chartPng({ panel: { ...panel, title }, data });
    await call('usage.savePicture', { panel: panel.id, png });
  } catch (error) {
    sayUnlessCancelled(error);
  }
}

/** Who stopped the work knows; its job says what came of it. */
function sayUnlessCancelled(error: unknown): void {
  if (!(error instanceof CallError && error.code === 'CANCELLED')) {
    sayFault(error);
  }
}

/** Only ways a panel really has: what is kept may be of another version. */
function splitsOf(panels: readonly PanelId[], kept: Readonly<Record<string, string>>): Partial<Record<PanelId, Split>> {
  const chosen = panels.flatMap((id) => {
    const split = panelOf(id).splits.find((one) => one === kept[id]);
    return split === undefined ? [] : [[id, split] as const];
  });
  return Object.fromEntries(chosen);
}
