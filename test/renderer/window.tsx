import { cleanup, configure, render, screen, waitFor } from '@testing-library/react';
import { afterEach, vi } from 'vitest';
import { App } from '#renderer/app/app.tsx';
import { useAsking } from '#renderer/app/asking.ts';
import { useLookUp } from '#renderer/app/look-up.ts';
import { useChanges } from '#renderer/features/changes/store.ts';
import { useDrafts } from '#renderer/features/sources/settings/drafts.ts';
import { useSyncDrafts } from '#renderer/features/sync/form/drafts.ts';
import { useSync } from '#renderer/features/sync/store.ts';
import { useBoardState } from '#renderer/features/usage/board/store.ts';
import { useApp } from '#renderer/app/store.ts';
import { FakeBridge, type Answers } from './fake-bridge.ts';
import { answers } from './world.ts';

// Patience for a machine that does other things as well; nothing waits longer than it must.
configure({ asyncUtilTimeout: 10_000 });

const AT_START = useApp.getState();
const NOTHING_LOOKED_UP = useLookUp.getState();
const NO_CHANGES_SHOWN = useChanges.getState();
const NO_SYNC_SHOWN = useSync.getState();
const NOTHING_ASKED = useAsking.getState();
const BOARD_AT_START = useBoardState.getState();

afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  useApp.setState(AT_START, true);
  useAsking.setState(NOTHING_ASKED, true);
  useChanges.setState(NO_CHANGES_SHOWN, true);
  useDrafts.setState({}, true);
  useSync.setState(NO_SYNC_SHOWN, true);
  useBoardState.setState(BOARD_AT_START, true);
  useSyncDrafts.setState({}, true);
  useLookUp.setState(NOTHING_LOOKED_UP, true);
  Reflect.deleteProperty(window, 'assay');
});

/** Opens the whole window over a fake bridge and waits until it has started. */
export async function openWindow(change: Answers = {}): Promise<FakeBridge> {
  const bridge = new FakeBridge(answers(change));
  Object.defineProperty(window, 'assay', { value: bridge, configurable: true });
  standIn();
  render(<App />);
  await waitFor(() => {
    const { boot, bootError } = useApp.getState();
    if (boot === null && bootError === null) {
      throw new Error('still starting');
    }
  });
  return bridge;
}

/** The rows of the present view, once all that are in sight are there. */
export async function filledGrid(): Promise<HTMLElement> {
  const grid = await screen.findByRole('grid');
  await waitFor(() => {
    if (grid.querySelector('[data-filled=true]') === null || grid.querySelector('[data-filled=false]') !== null) {
      throw new Error('rows are on their way');
    }
  });
  return grid;
}

/** What happy-dom has no layout for: the grid sees a viewport of ten rows. */
function standIn(): void {
  Object.defineProperty(HTMLElement.prototype, 'clientHeight', { value: 28 + 280, configurable: true });
}

/** The platform's file chooser answers at once with these files; with none it was closed. */
export function chooseInstead(...files: readonly File[]): void {
  vi.spyOn(HTMLInputElement.prototype, 'click').mockImplementation(function (this: HTMLInputElement) {
    Object.defineProperty(this, 'files', { value: files });
    this.dispatchEvent(new Event(files.length === 0 ? 'cancel' : 'change'));
  });
}
