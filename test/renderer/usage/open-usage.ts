import { fireEvent, screen, within } from '@testing-library/react';
import { vi } from 'vitest';
import { viewKey } from '#renderer/app/views.ts';
import type { Preferences } from '#shared/settings/schema.ts';
import { BOARD_PANEL_IDS } from '#renderer/features/usage/board/layout.ts';
import type { Answers, FakeBridge } from '../fake-bridge.ts';
import { openWindow } from '../window.tsx';
import { usageAnswers } from './usage-world.ts';

/** Opens the window at Usage. Every panel counts as near: this page has no layout that could tell otherwise. */
export async function openUsage(change: Answers = {}, board: Partial<Preferences['board']> = {}): Promise<FakeBridge> {
  vi.stubGlobal('IntersectionObserver', undefined);
  const bridge = await openWindow(usageAnswers(change, board));
  fireEvent.keyDown(document.body, { key: viewKey('usage') });
  await screen.findByRole('heading', { name: 'Usage', level: 1 });
  return bridge;
}

/** All panels but these hidden, where the others only take time. */
export function only(...shown: readonly string[]): Partial<Preferences['board']> {
  return { hidden: BOARD_PANEL_IDS.filter((id) => !shown.includes(id)) };
}

/** A panel, once it is there. */
export function panel(name: string): Promise<HTMLElement> {
  return screen.findByRole('region', { name });
}

/** Opens the menu of a panel and takes one of its items. */
export async function choose(title: string, item: string): Promise<void> {
  const button = await screen.findByRole('button', { name: `${title}: more` });
  button.focus();
  fireEvent.click(button);
  fireEvent.click(within(await screen.findByRole('menu')).getByRole('menuitem', { name: new RegExp(`^${item}`) }));
}

/** Titles of the panels in sight, in their order. */
export function titles(): readonly string[] {
  return [...document.querySelectorAll('main h3')].map(({ textContent }) => textContent);
}
