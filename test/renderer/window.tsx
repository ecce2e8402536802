import { render, screen, waitFor } from '@testing-library/react';
import { vi } from 'vitest';
import { App } from '#renderer/app/app.tsx';
import { useApp } from '#renderer/app/store.ts';
import { FakeBridge, type Answers } from './fake-bridge.ts';
import { answers } from './world.ts';

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
