import { useEffect } from 'react';
import { readText, setOverlay, show, useApp, VIEWS } from './store.ts';

/** Every key, as the map and the palette list it. */
export const KEYS: readonly { readonly keys: string; readonly does: string; readonly where: string }[] = [
  { keys: 'Ctrl K', does: 'Find any action, intake or view', where: 'Everywhere' },
  { keys: '1 – 4', does: 'Triage, Hash list, Known sets, Settings', where: 'Everywhere' },
  { keys: 'Ctrl V', does: 'Read pasted hashes or a pasted list', where: 'Everywhere' },
  { keys: '?', does: 'This map', where: 'Everywhere' },
  { keys: 'Esc', does: 'Close, clear or go back', where: 'Everywhere' },
  { keys: '/', does: 'Filter', where: 'Grids' },
  { keys: 'j k, Down Up', does: 'Next and previous row', where: 'Grids' },
  { keys: 'PgDn PgUp Home End', does: 'A page, the first, the last row', where: 'Grids' },
  { keys: 'Enter', does: 'Detail of the row', where: 'Grids' },
  { keys: 'x', does: 'Select the row', where: 'Grids' },
  { keys: 'Shift Down Up', does: 'Select a range', where: 'Grids' },
  { keys: 'Ctrl A', does: 'Select all rows', where: 'Grids' },
  { keys: 'c', does: 'Copy the hashes', where: 'Grids' },
  { keys: 'Left Right, Shift Left Right', does: 'In the header row: next column, column width', where: 'Grids' },
  { keys: 'e', does: 'Export', where: 'Triage, Hash list' },
  { keys: 'm', does: 'Add to the hash list as malicious', where: 'Triage' },
  { keys: 'g', does: 'Add to the hash list as non-malicious', where: 'Triage' },
  { keys: 'Delete', does: 'Remove entries, with undo', where: 'Hash list' },
];

/** Keys that work in every view. Keys of grids are the grid's own. */
export function useGlobalKeys(): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.defaultPrevented) {
        return;
      }
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
        event.preventDefault();
        setOverlay(useApp.getState().overlay === 'palette' ? 'none' : 'palette');
        return;
      }
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || isDialogOpen()) {
        return;
      }
      const view = VIEWS[Number(event.key) - 1];
      if (view !== undefined) {
        show(view);
      } else if (event.key === '?') {
        setOverlay('keys');
      } else if (event.key === '/') {
        document.querySelector<HTMLInputElement>('input[data-filter]')?.focus();
      } else if (goesToRows(event)) {
        toRows(event);
      } else {
        return;
      }
      event.preventDefault();
    };
    const onPaste = (event: ClipboardEvent): void => {
      const text = event.clipboardData?.getData('text/plain') ?? '';
      if (!isTyping(event.target) && !isDialogOpen() && text.trim() !== '') {
        event.preventDefault();
        void readText(text);
      }
    };
    document.addEventListener('keydown', onKey);
    document.addEventListener('paste', onPaste);
    return () => {
      document.removeEventListener('keydown', onKey);
      document.removeEventListener('paste', onPaste);
    };
  }, []);
}

/** Row keys work from anywhere in a view: they go to its rows first. Keys that change something do not. */
function goesToRows(event: KeyboardEvent): boolean {
  const target = event.target instanceof Element ? event.target : document.body;
  if (target.closest('[role=grid]:focus, [role=menu]') !== null) {
    return false;
  }
  const isArrow = event.key === 'ArrowDown' || event.key === 'ArrowUp';
  return event.key === 'j' || event.key === 'k' || event.key === 'Escape' || (isArrow && target === document.body);
}

function toRows(event: KeyboardEvent): void {
  const grid = document.querySelector<HTMLElement>('[role=grid]');
  grid?.focus();
  if (event.key !== 'Escape') {
    const { key, shiftKey } = event;
    grid?.dispatchEvent(new KeyboardEvent('keydown', { key, shiftKey, bubbles: true, cancelable: true }));
  }
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('input, textarea, select, [contenteditable]') !== null;
}

function isDialogOpen(): boolean {
  return document.querySelector('dialog[open]') !== null;
}
