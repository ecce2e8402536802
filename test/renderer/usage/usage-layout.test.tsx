import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { choose, only, openUsage, panel, titles } from './open-usage.ts';

const FEW = only('outbound-items', 'outbound-queue', 'verdicts', 'flips');

const focused = (): string | null => document.activeElement?.getAttribute('data-row-link') ?? null;

describe('the layout of the board', () => {
  it('moves a panel from its menu and by keyboard, and keeps the keyboard on it', async () => {
    const bridge = await openUsage({}, FEW);
    await panel('Outbound Items');
    await choose('Outbound Processing Queue', 'Move up');
    expect(titles().slice(0, 2)).toEqual(['Outbound Processing Queue', 'Outbound Items']);
    await waitFor(() => expect(focused()).toBe('outbound-queue'));
    fireEvent.keyDown(await panel('Outbound Processing Queue'), { key: 'ArrowDown', altKey: true });
    expect(titles().slice(0, 2)).toEqual(['Outbound Items', 'Outbound Processing Queue']);
    const kept = bridge.inputsOf('preferences.set').at(-1)?.board?.order ?? [];
    expect(kept.slice(0, 2)).toEqual(['outbound-items', 'outbound-queue']);
    await waitFor(() =>
      expect(screen.getAllByRole('status').map((one) => one.textContent)).toContain(
        'Outbound Processing Queue moved down.',
      ),
    );
  });

  it('offers no way further up to the first, and none further down to the last', async () => {
    await openUsage({}, FEW);
    const button = await screen.findByRole('button', { name: 'Outbound Items: more' });
    fireEvent.click(button);
    const items = within(await screen.findByRole('menu')).getAllByRole('menuitem');
    expect(items.map(({ textContent }) => textContent)).toEqual([
      'Table',
      'CSV…',
      'Picture (PNG)…',
      'Move down Alt Down',
      'Hide',
    ]);
  });

  it('hides a panel, takes that back, lists it at the end, shows it again', async () => {
    await openUsage({}, FEW);
    await choose('Verdict flips', 'Hide');
    await waitFor(() => expect(titles()).not.toContain('Verdict flips'));
    // The one before it: it was the last.
    await waitFor(() => expect(focused()).toBe('verdicts'));
    fireEvent.click(await screen.findByRole('button', { name: 'Undo' }));
    expect(titles()).toContain('Verdict flips');

    await choose('Verdict flips', 'Hide');
    const hidden = within(await screen.findByRole('group', { name: 'Hidden panels' }));
    fireEvent.click(hidden.getByRole('button', { name: 'Show Verdict flips' }));
    expect(titles()).toContain('Verdict flips');
    await waitFor(() => expect(focused()).toBe('flips'));
  });

  it('puts everything back, and that can be taken back', async () => {
    const bridge = await openUsage({}, { hidden: ['flips', 'latency'], order: ['database-size'] });
    fireEvent.click(await screen.findByRole('button', { name: 'Reset layout' }));
    expect(titles()).toHaveLength(22);
    expect(titles()[0]).toBe('Outbound Items');
    expect(bridge.inputsOf('preferences.set').at(-1)?.board).toMatchObject({ hidden: [], order: [], tables: false });
    expect(screen.queryByRole('button', { name: 'Reset layout' })).toBeNull();
    fireEvent.click(await screen.findByRole('button', { name: 'Undo' }));
    expect(titles()).toHaveLength(20);
  });

  it('says so when all panels are hidden; then there is nothing to write', async () => {
    await openUsage({}, only());
    expect(await screen.findByText('All panels are hidden.')).toBeDefined();
    expect(screen.getByRole<HTMLButtonElement>('button', { name: 'CSV' }).disabled).toBe(true);
    const hidden = within(screen.getByRole('group', { name: 'Hidden panels' }));
    fireEvent.click(hidden.getByRole('button', { name: 'Show Verdict flips' }));
    expect(titles()).toEqual(['Verdict flips']);
  });

  it('goes from panel to panel with j and k', async () => {
    await openUsage({}, FEW);
    await panel('Outbound Items');
    act(() => document.body.focus());
    fireEvent.keyDown(document.body, { key: 'j' });
    expect(focused()).toBe('outbound-items');
    fireEvent.keyDown(document.activeElement ?? document.body, { key: 'j' });
    expect(focused()).toBe('outbound-queue');
    fireEvent.keyDown(document.activeElement ?? document.body, { key: 'k' });
    expect(focused()).toBe('outbound-items');
    fireEvent.keyDown(document.activeElement ?? document.body, { key: 'Escape' });
    expect(focused()).toBe('outbound-items');
  });
});
