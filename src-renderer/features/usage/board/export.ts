import type { PanelData } from '#shared/contract/usage.ts';
import { panelOf, type Panel, type PanelId, type Split } from '#shared/domain/panels.ts';
import type { Preferences } from '#shared/settings/schema.ts';
import { say, sayFault } from '../../../app/store.ts';
import { call } from '../../../bridge/client.ts';
import { chartPng } from '../../../charts/index.ts';
import { counted } from '../../../components/words.ts';
import type { Stretch } from './ranges.ts';
import { presentBoard, useBoardState } from './store.ts';

/** Writes panels over a stretch of time to a file the person chooses, broken down as they are shown, and says where. */
export async function exportPanels(
  format: 'csv' | 'html',
  { from, to, bars: points }: Stretch,
  panels: readonly PanelId[],
): Promise<void> {
  if (useBoardState.getState().writing !== null || panels.length === 0) {
    return;
  }
  const { compare, splits } = presentBoard();
  useBoardState.setState({ writing: format });
  try {
    const { path, rows } = await call('usage.export', {
      format,
      from,
      to,
      points,
      compare,
      panels: [...panels],
      splits: splitsOf(panels, splits),
    });
    sayWritten(
      path,
      format === 'csv' ? `${counted(rows, 'row')} written` : `${counted(panels.length, 'panel')} written`,
    );
  } catch (error) {
    sayFault(error);
  } finally {
    useBoardState.setState({ writing: null });
  }
}

/** Saves the chart of one panel as it is drawn, with its title and range. */
export async function savePicture(
  panel: Panel & { readonly id: PanelId },
  data: PanelData,
  zone: Preferences['times'],
): Promise<void> {
  try {
    const png = await chartPng({ panel, data, zone });
    const { path } = await call('usage.savePicture', { panel: panel.id, png });
    sayWritten(path, 'The picture was written');
  } catch (error) {
    sayFault(error);
  }
}

function sayWritten(path: string | null, what: string): void {
  if (path !== null) {
    say(`${what} to ${path}.`, {
      action: { label: 'Show in folder', run: () => void call('app.showInFolder', { path }).catch(sayFault) },
    });
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
