import { useEffect } from 'react';
import { answerText } from '../look-up.ts';
import { presentRows, pressOnRows } from './keys.ts';
import { dismiss, readText, setOverlay, show, useApp } from '../store.ts';
import { VIEWS } from '../views.ts';

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
      const isBusy = isTyping(event.target) || isDialogOpen();
      if ((event.ctrlKey || event.metaKey) && event.key === 'z' && !isBusy && takeBack()) {
        event.preventDefault();
        return;
      }
      if (event.ctrlKey || event.metaKey || event.altKey || isBusy) {
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
        if (useApp.getState().view === 'lookup') {
          answerText(text);
        } else {
          void readText(text);
        }
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
  const isForRows = ['e', 'c', 'x', 's'].includes(event.key) && presentRows() !== null;
  const isArrow = event.key === 'ArrowDown' || event.key === 'ArrowUp';
  // Back to the rows; where there are none it would lead on to the next link instead.
  const isBack = event.key === 'Escape' && presentRows() !== null;
  return isForRows || event.key === 'j' || event.key === 'k' || isBack || (isArrow && target === document.body);
}

function toRows(event: KeyboardEvent): void {
  const { key, shiftKey } = event;
  if (presentRows() === null) {
    toNextLink(key === 'k' || key === 'ArrowUp' ? -1 : 1);
  } else if (key === 'Escape') {
    presentRows()?.focus();
  } else {
    pressOnRows({ key, shiftKey });
  }
}

/** Where a view has a plain table, row keys move between the links of its rows. */
function toNextLink(step: number): void {
  const links = [...document.querySelectorAll<HTMLElement>('[data-row-link]')];
  const present = links.findIndex((link) => link === document.activeElement);
  const next = present === -1 ? 0 : Math.min(links.length - 1, Math.max(0, present + step));
  links[next]?.focus();
}

function takeBack(): boolean {
  const action = useApp.getState().message?.action;
  if (action?.label !== 'Undo') {
    return false;
  }
  dismiss();
  action.run();
  return true;
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof Element &&
    target.closest('input:not([type=checkbox]), textarea, select, [contenteditable]') !== null
  );
}

function isDialogOpen(): boolean {
  return document.querySelector('dialog[open]') !== null;
}
