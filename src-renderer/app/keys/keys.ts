import { VIEW_LABELS, VIEWS } from '../views.ts';

/** One line of the keyboard map. `press` names the key an action of the palette presses on the rows. */
export interface KeyLine {
  readonly keys: string;
  readonly does: string;
  readonly where:
    | 'Everywhere'
    | 'Rows'
    | 'Triage'
    | 'Look-up'
    | 'Hash list'
    | 'Threat sync'
    | 'Usage'
    | 'Triage, Hash list'
    | 'Triage, Look-up'
    | 'Triage, Look-up, Changes';
  readonly press?: { readonly key: string; readonly ctrlKey?: boolean };
}

/** Every key, as the map and the palette list it. */
export const KEYS: readonly KeyLine[] = [
  { keys: 'Ctrl K', does: 'Find any action, intake or view', where: 'Everywhere' },
  { keys: `1 – ${VIEWS.length}`, does: VIEWS.map((view) => VIEW_LABELS[view]).join(', '), where: 'Everywhere' },
  { keys: 'Ctrl V', does: 'Read pasted hashes or a pasted list', where: 'Everywhere' },
  { keys: 'Ctrl Z', does: 'Take back what was just done', where: 'Everywhere' },
  { keys: '?', does: 'This map', where: 'Everywhere' },
  { keys: 'Esc', does: 'Close, clear or go back', where: 'Everywhere' },
  { keys: 'Ctrl Enter', does: 'In a dialog: its main button, out of any field', where: 'Everywhere' },
  { keys: '/', does: 'Filter', where: 'Rows' },
  { keys: 'j k, Down Up', does: 'Next and previous row', where: 'Rows' },
  { keys: 'PgDn PgUp Home End', does: 'A page, the first, the last row', where: 'Rows' },
  { keys: 'Enter', does: 'Detail of the row', where: 'Rows', press: { key: 'Enter' } },
  { keys: 'x', does: 'Select the row', where: 'Rows', press: { key: 'x' } },
  { keys: 'Shift Down Up', does: 'Select a range', where: 'Rows' },
  { keys: 'Ctrl A', does: 'Select all rows', where: 'Rows', press: { key: 'a', ctrlKey: true } },
  { keys: 'c', does: 'Copy the hashes', where: 'Rows', press: { key: 'c' } },
  { keys: 'Left Right, Shift Left Right', does: 'In the header row: next column, column width', where: 'Rows' },
  { keys: 'e', does: 'Export', where: 'Triage, Hash list', press: { key: 'e' } },
  { keys: '/', does: 'Type or paste what to look up', where: 'Look-up' },
  {
    keys: 's',
    does: 'Scan: the flight plan for what is unknown, or selected',
    where: 'Triage',
    press: { key: 's' },
  },
  { keys: 'm', does: 'Add to the hash list as malicious', where: 'Triage, Look-up, Changes', press: { key: 'm' } },
  { keys: 'g', does: 'Add to the hash list as non-malicious', where: 'Triage, Look-up, Changes', press: { key: 'g' } },
  { keys: 't', does: 'Write a note and tags', where: 'Triage, Look-up', press: { key: 't' } },
  { keys: 'Delete', does: 'Remove entries, with undo', where: 'Hash list', press: { key: 'Delete' } },
  // Without a press: which of the two rows take depends on the part of the view that is open.
  { keys: 'Delete', does: 'Recall sent indicators, after a dry run', where: 'Threat sync' },
  { keys: 'r', does: 'Release what is held back, or hold it back again', where: 'Threat sync' },
  { keys: 'j k', does: 'Next and previous panel', where: 'Usage' },
  { keys: 'Alt Up, Alt Down', does: 'Move the panel', where: 'Usage' },
  { keys: 'Left Right, Home End', does: 'In a chart: read its intervals', where: 'Usage' },
  { keys: 'Shift Left Right, Enter', does: 'In a chart: choose a range and show it', where: 'Usage' },
  { keys: 'Alt Left', does: 'Back to the range before', where: 'Usage' },
];

/** The rows of the present view, when it has any. */
export function presentRows(): HTMLElement | null {
  return document.querySelector<HTMLElement>('[role=grid]');
}

/** Gives the keyboard to the rows and presses a key on them. */
export function pressOnRows(press: KeyboardEventInit): void {
  const rows = presentRows();
  rows?.focus();
  rows?.dispatchEvent(new KeyboardEvent('keydown', { ...press, bubbles: true, cancelable: true }));
}

/** A key as it is called on this machine. */
export function keyName(keys: string, platform: string | undefined): string {
  return platform === 'darwin' ? keys.replace('Ctrl', 'Cmd') : keys;
}
