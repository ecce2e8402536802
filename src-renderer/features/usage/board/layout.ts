import {
  BOARD_SECTIONS,
  BOARD_TABLES,
  PANELS,
  type BoardSection,
  type BoardTableId,
  type PanelId,
} from '#shared/domain/usage/panels.ts';
import type { Preferences } from '#shared/settings/schema.ts';

export type BoardPreferences = Preferences['board'];

export type BoardPanelId = PanelId | BoardTableId;

/** What the board knows of each of its panels. */
export interface BoardPanel {
  readonly id: BoardPanelId;
  readonly title: string;
  readonly section: BoardSection;
  readonly help: string;
}

const ALL: readonly BoardPanel[] = [...PANELS, ...BOARD_TABLES];
export const BOARD_PANEL_IDS: readonly BoardPanelId[] = ALL.map(({ id }) => id);

/** The panels that are shown, by section, in the person's order. Sections without any are left out. */
export function sectionsOf(
  board: BoardPreferences,
): readonly { readonly section: BoardSection; readonly panels: readonly BoardPanel[] }[] {
  return BOARD_SECTIONS.map((section) => ({
    section,
    panels: orderedIn(section, board).filter(({ id }) => !board.hidden.includes(id)),
  })).filter(({ panels }) => panels.length > 0);
}

/** The panels that are hidden, in the order they would be shown in. */
export function hiddenOf(board: BoardPreferences): readonly BoardPanel[] {
  return BOARD_SECTIONS.flatMap((section) => orderedIn(section, board)).filter(({ id }) => board.hidden.includes(id));
}

/** The board with a panel one place further up (-1) or down (1) among the shown ones of its section; the same at its end. */
export function moved(board: BoardPreferences, id: BoardPanelId, step: -1 | 1): BoardPreferences {
  const panels = sectionsOf(board).find((one) => one.panels.some((panel) => panel.id === id))?.panels ?? [];
  const other = panels[panels.findIndex((panel) => panel.id === id) + step];
  if (other === undefined) {
    return board;
  }
  const order = BOARD_SECTIONS.flatMap((section) => orderedIn(section, board)).map((panel) => panel.id);
  const without = order.filter((one) => one !== id);
  without.splice(without.indexOf(other.id) + (step === 1 ? 1 : 0), 0, id);
  return { ...board, order: without };
}

/** The panel in sight after one, or before it where it is the last; null where it is the only one. */
export function neighbourOf(board: BoardPreferences, id: BoardPanelId): BoardPanelId | null {
  const ids = sectionsOf(board).flatMap(({ panels }) => panels.map((panel) => panel.id));
  const place = ids.indexOf(id);
  return ids[place + 1] ?? ids[place - 1] ?? null;
}

/** The board with a panel hidden, or shown again in its place. */
export function withHidden(board: BoardPreferences, id: BoardPanelId, isHidden: boolean): BoardPreferences {
  const others = board.hidden.filter((one) => one !== id);
  return { ...board, hidden: isHidden ? [...others, id] : others };
}

/** The board with all panels in sight, in their own order and broken down in their usual way. */
export function reset(board: BoardPreferences): BoardPreferences {
  return { ...board, order: [], hidden: [], splits: {}, tables: false };
}

/** Whether anything of the layout differs from how the board is at first. */
export function isChanged(board: BoardPreferences): boolean {
  return board.order.length + board.hidden.length + Object.keys(board.splits).length > 0 || board.tables;
}

/** The panels of a chart, of those that are shown: what exports can hold. */
export function chartsOf(board: BoardPreferences): readonly PanelId[] {
  return sectionsOf(board).flatMap(({ panels }) => panels.flatMap(({ id }) => (isChart(id) ? [id] : [])));
}

/** The tables, of the panels that are shown. */
export function tablesOf(board: BoardPreferences): readonly BoardTableId[] {
  return sectionsOf(board).flatMap(({ panels }) => panels.flatMap(({ id }) => (isChart(id) ? [] : [id])));
}

export function isChart(id: BoardPanelId): id is PanelId {
  return PANELS.some((panel) => panel.id === id);
}

/** By the person's order; a panel that it does not name, of a newer version perhaps, follows the one before it. */
function orderedIn(section: BoardSection, board: BoardPreferences): readonly BoardPanel[] {
  const own = ALL.filter((panel) => panel.section === section);
  const placed = board.order.flatMap((id) => own.filter((panel) => panel.id === id));
  for (const [index, panel] of own.entries()) {
    if (!placed.includes(panel)) {
      const before = own[index - 1];
      placed.splice(before === undefined ? 0 : placed.indexOf(before) + 1, 0, panel);
    }
  }
  return placed;
}
