import { fireEvent, screen, waitFor } from '@testing-library/react';
import { expect } from 'vitest';
import { viewKey } from '#renderer/app/views.ts';
import type { SyncJobView } from '#shared/contract/sync.ts';
import type { Answers, FakeBridge } from '../fake-bridge.ts';
import { openWindow } from '../window.tsx';
import { syncAnswers } from './sync-world.ts';

/** Opens the window at Threat sync, over these jobs. */
export async function openSync(jobs: readonly SyncJobView[], change: Answers = {}): Promise<FakeBridge> {
  const bridge = await openWindow(syncAnswers(jobs, change));
  fireEvent.keyDown(document.body, { key: viewKey('sync') });
  await screen.findByRole('heading', { name: 'Threat sync' });
  return bridge;
}

export function button(name: string | RegExp): Promise<HTMLElement> {
  return screen.findByRole('button', { name });
}

/** Waits until the view, its message line included, says something. */
export async function told(words: string): Promise<void> {
  await waitFor(() => expect(screen.getByRole('main').textContent).toContain(words));
}
