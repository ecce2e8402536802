import { create } from 'zustand';
import type { PanelId } from '#shared/domain/usage/panels.ts';
import { DEFAULT_PREFERENCES } from '#shared/settings/plain.ts';
import { announce, say, setPreferences, show, useApp } from '../../../app/store.ts';
import {
  hiddenOf,
  moved,
  neighbourOf,
  reset,
  withHidden,
  type BoardPanel,
  type BoardPanelId,
  type BoardPreferences,
} from './layout.ts';
import { sentenceOf, type RangeChoice } from './ranges.ts';

interface BoardState {
  /** Ranges that were left for another one, the newest last. */
  readonly past: readonly RangeChoice[];
  /** Panels shown the other way round than the board: as a table among charts, or as a chart among tables. */
  readonly turned: readonly PanelId[];
  readonly isCustomOpen: boolean;
  /** What is being written to a file. */
  readonly writing: 'csv' | 'html' | null;
}

const MOST_PAST = 50;

/** What the view Usage remembers while the window is open; the rest of it is kept with the preferences. */
export const useBoardState = create<BoardState>(() => ({
  past: [],
  turned: [],
  isCustomOpen: false,
  writing: null,
}));

/** The layout and range of the board, as this window remembers them. */
export function useBoard(): BoardPreferences {
  return useApp((state) => state.boot?.preferences.board ?? DEFAULT_PREFERENCES.board);
}

/** The same at this moment, outside of components. */
export function presentBoard(): BoardPreferences {
  return useApp.getState().boot?.preferences.board ?? DEFAULT_PREFERENCES.board;
}

/** Changes what is remembered of the board. */
export function setBoard(change: Partial<BoardPreferences>): void {
  setPreferences({ board: { ...presentBoard(), ...change } });
}

/** Shows a range. The one before can be gone back to. */
export function chooseRange(choice: RangeChoice): void {
  const { range, from, to } = presentBoard();
  const isSame = range === choice.range && (range !== 'custom' || (from === choice.from && to === choice.to));
  if (!isSame) {
    useBoardState.setState(({ past }) => ({ past: [...past, { range, from, to }].slice(-MOST_PAST) }));
    setRange(choice);
  }
  useBoardState.setState({ isCustomOpen: false });
}

/** Shows the range that was left last. */
export function goBack(): void {
  const last = useBoardState.getState().past.at(-1);
  if (last !== undefined) {
    useBoardState.setState(({ past }) => ({ past: past.slice(0, -1), isCustomOpen: false }));
    setRange(last);
  }
}

/** Shows the board with a range, from another view. */
export function openUsage(range?: Exclude<RangeChoice['range'], 'custom'>): void {
  if (range !== undefined) {
    chooseRange({ ...presentBoard(), range });
  }
  show('usage');
}

/** Puts a panel one place up or down in its section. */
export function movePanel(panel: BoardPanel, step: -1 | 1): void {
  const board = presentBoard();
  const next = moved(board, panel.id, step);
  if (next !== board) {
    setBoard(next);
    announce(`${panel.title} moved ${step === -1 ? 'up' : 'down'}.`);
    // Its element may have been put elsewhere, which takes the keyboard from it.
    requestAnimationFrame(() => focusPanel(panel.id));
  }
}

/** Hides a panel; it is listed at the end of the board. */
export function hidePanel(panel: BoardPanel): void {
  const board = presentBoard();
  const next = neighbourOf(board, panel.id);
  setBoard(withHidden(board, panel.id, true));
  if (next !== null) {
    requestAnimationFrame(() => focusPanel(next));
  }
  say(`${panel.title} is hidden. The end of the board shows it again.`, {
    action: { label: 'Undo', run: () => showPanel(panel) },
  });
}

/** Shows a hidden panel in its place. */
export function showPanel(panel: BoardPanel): void {
  setBoard(withHidden(presentBoard(), panel.id, false));
  announce(`${panel.title} is shown.`);
  requestAnimationFrame(() => focusPanel(panel.id));
}

/** Puts the board back to how it was at first; the range stays. */
export function resetLayout(): void {
  const before = presentBoard();
  useBoardState.setState({ turned: [] });
  setBoard(reset(before));
  const count = hiddenOf(before).length;
  say(
    count === 0 ? 'The board has its first layout again.' : 'The board has its first layout again, with all panels.',
    {
      action: { label: 'Undo', run: () => setBoard(before) },
    },
  );
}

/** All panels as tables, or as charts. */
export function setTables(tables: boolean): void {
  useBoardState.setState({ turned: [] });
  setBoard({ tables });
}

/** One panel as a table, or as a chart again. */
export function turnPanel(id: PanelId): void {
  useBoardState.setState(({ turned }) => ({
    turned: turned.includes(id) ? turned.filter((one) => one !== id) : [...turned, id],
  }));
}

/** Gives the keyboard to a panel. */
export function focusPanel(id: BoardPanelId): void {
  document.querySelector<HTMLElement>(`[data-row-link="${id}"]`)?.focus();
}

function setRange(choice: RangeChoice): void {
  const { range, from, to } = choice;
  setBoard({ range, from, to });
  announce(`Usage of ${sentenceOf(choice, useApp.getState().boot?.preferences.times ?? 'local')}.`);
}
