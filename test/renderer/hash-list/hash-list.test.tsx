import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import type { ImportPreview, ListEntry, ListProblem } from '#shared/contract/hash-list.ts';
import { dayOfSeconds, secondsOfDay } from '#renderer/features/hash-list/days.ts';
import { show } from '#renderer/app/store.ts';
import type { Answers } from '../fake-bridge.ts';
import { chooseInstead, openWindow } from '../window.tsx';
import { hashOf, NOW } from '../world.ts';

const NOTHING_DONE = { added: 0, updated: 0, removed: 0, unchanged: 0, problems: [], changeId: null };

function entry(id: number, change: Partial<ListEntry> = {}): ListEntry {
  return {
    id,
    side: 'malicious',
    digests: { sha256: hashOf(id) },
    note: `note ${id}`,
    reason: '',
    addedBy: 'kim',
    addedAt: NOW,
    expiresAt: null,
    expired: false,
    seenIn: 0,
    ...change,
  };
}

function listed(...entries: readonly ListEntry[]): NonNullable<Answers['hashList.page']> {
  return ({ offset, limit }) => ({
    total: entries.length,
    rows: entries.slice(offset, offset + limit),
    counts: {
      all: entries.length,
      malicious: entries.length,
      'non-malicious': 0,
      expiring: 0,
      digests: entries.length,
    },
  });
}

async function openList(change: Answers = {}) {
  const bridge = await openWindow({ 'hashList.page': listed(entry(1), entry(2), entry(3)), ...change });
  show('hash-list');
  const grid = await screen.findByRole('grid', { name: 'Hash list' });
  await waitFor(() => expect(grid.querySelectorAll('[data-filled=true]')).toHaveLength(3));
  return { bridge, grid };
}

describe('the hash list', () => {
  it('adds pasted hashes and offers the way back', async () => {
    const { bridge } = await openList({
      'hashList.addText': () => ({ ...NOTHING_DONE, added: 2, changeId: 8 }),
      'hashList.undo': () => ({ ...NOTHING_DONE, removed: 2, changeId: 9 }),
    });
    fireEvent.click(screen.getByRole('button', { name: 'Add hashes…' }));
    const dialog = within(await screen.findByRole('dialog', { name: 'Add hashes' }));
    expect(dialog.getByRole('button', { name: 'Add' })).toHaveProperty('disabled', true);
    fireEvent.change(dialog.getByRole('textbox', { name: /one or many/ }), { target: { value: hashOf(8) } });
    fireEvent.click(dialog.getByRole('radio', { name: /Known non-malicious/ }));
    fireEvent.change(dialog.getByLabelText('Expires'), { target: { value: '2027-01-31' } });
    fireEvent.click(dialog.getByRole('button', { name: 'Add' }));
    fireEvent.click(await screen.findByRole('button', { name: 'Undo' }));
    await waitFor(() => expect(bridge.inputsOf('hashList.undo')).toEqual([{ changeId: 8 }]));
    expect(bridge.inputsOf('hashList.addText')).toMatchObject([
      { text: hashOf(8), side: 'non-malicious', expiresAt: Date.UTC(2027, 0, 31, 23, 59, 59) / 1000 },
    ]);
  });

  it('keeps the dialog and the text when the add is refused', async () => {
    const problem: ListProblem = {
      line: 1,
      hash: hashOf(1),
      side: 'non-malicious',
      problem: 'other-side',
      message: 'Line 1 is on the list as malicious, entry 1.',
      otherLine: null,
      otherEntry: 1,
    };
    await openList({ 'hashList.addText': () => ({ ...NOTHING_DONE, problems: [problem] }) });
    fireEvent.click(screen.getByRole('button', { name: 'Add hashes…' }));
    const field = await screen.findByRole('textbox', { name: /one or many/ });
    fireEvent.change(field, { target: { value: hashOf(1) } });
    fireEvent.click(screen.getByRole('button', { name: 'Add' }));
    expect(await screen.findByText(problem.message)).toBeDefined();
    expect(field).toHaveProperty('value', hashOf(1));
  });

  it('removes the selected entries, not the others', async () => {
    const { bridge, grid } = await openList({
      'hashList.remove': () => ({ ...NOTHING_DONE, removed: 2, changeId: 4 }),
    });
    fireEvent.keyDown(grid, { key: 'x' });
    fireEvent.keyDown(grid, { key: 'End' });
    fireEvent.keyDown(grid, { key: 'x' });
    fireEvent.keyDown(grid, { key: 'Delete' });
    await waitFor(() => expect(bridge.inputsOf('hashList.remove')).toEqual([{ ids: [1, 3] }]));
  });

  it('changes one entry', async () => {
    const { bridge, grid } = await openList({
      'hashList.update': () => ({ ...NOTHING_DONE, updated: 1, changeId: 5 }),
      'hashList.audit': () => ({ total: 0, rows: [] }),
    });
    fireEvent.keyDown(grid, { key: 'j' });
    fireEvent.keyDown(grid, { key: 'Enter' });
    const pane = within(await screen.findByRole('complementary'));
    expect(document.activeElement).toBe(pane.getByRole('textbox', { name: 'Note' }));
    fireEvent.change(pane.getByRole('textbox', { name: 'Note' }), { target: { value: 'seen on host 12' } });
    fireEvent.click(pane.getByRole('button', { name: 'Save' }));
    await waitFor(() => expect(bridge.inputsOf('hashList.update')).toMatchObject([{ id: 2, note: 'seen on host 12' }]));
  });

  it('follows the rows without taking the keyboard, and Escape leads back to them', async () => {
    const { grid } = await openList({ 'hashList.audit': () => ({ total: 0, rows: [] }) });
    fireEvent.keyDown(grid, { key: 'Enter' });
    const note = await screen.findByRole('textbox', { name: 'Note' });
    expect(note).toHaveProperty('value', 'note 1');
    fireEvent.keyDown(note, { key: 'Escape' });
    expect(screen.queryByRole('textbox', { name: 'Note' })).toBeNull();
    expect(document.activeElement).toBe(grid);
    fireEvent.click(screen.getByRole('button', { name: 'Edit…' }));
    grid.focus();
    fireEvent.keyDown(grid, { key: 'j' });
    await waitFor(() => expect(screen.getByRole('textbox', { name: 'Note' })).toHaveProperty('value', 'note 2'));
    expect(document.activeElement).toBe(grid);
  });

  it('asks for one side, or for what expires', async () => {
    const { bridge } = await openList();
    fireEvent.click(screen.getByRole('button', { name: /3 malicious/ }));
    await waitFor(() => expect(bridge.inputsOf('hashList.page').at(-1)?.query.side).toBe('malicious'));
    fireEvent.click(screen.getByRole('button', { name: /Expiring/ }));
    await waitFor(() =>
      expect(bridge.inputsOf('hashList.page').at(-1)?.query).toMatchObject({ side: null, expiring: true }),
    );
  });
});

describe('importing a list', () => {
  const conflict: ListProblem = {
    line: 5,
    hash: hashOf(1),
    side: 'non-malicious',
    problem: 'other-side',
    message: 'Line 5 is on the list as malicious, entry 1.',
    otherLine: null,
    otherEntry: 1,
  };
  const preview = (change: Partial<ImportPreview>): ImportPreview => ({
    token: 'token-1',
    name: 'team.csv',
    lines: 3,
    added: 2,
    unchanged: 0,
    updated: 0,
    removed: 0,
    leftOut: 0,
    problems: [],
    problemCount: 0,
    ...change,
  });

  it('writes nothing until conflicts are settled, then all at once', async () => {
    const { bridge } = await openList({
      'hashList.preview': ({ settle }) =>
        settle === 'refuse'
          ? preview({ problems: [conflict], problemCount: 1 })
          : preview({ token: 'token-2', leftOut: 1 }),
      'hashList.import': () => ({ ...NOTHING_DONE, added: 2, changeId: 12 }),
    });
    const file = new File(['hash,list'], 'team.csv');
    chooseInstead(file);
    fireEvent.click(screen.getByRole('button', { name: 'Import…' }));
    fireEvent.click(await screen.findByRole('button', { name: 'Choose a CSV…' }));
    expect(await screen.findByText(conflict.message)).toBeDefined();
    const write = screen.getByRole('button', { name: 'Import 2' });
    expect(write).toHaveProperty('disabled', true);

    fireEvent.click(screen.getByRole('button', { name: 'Keep mine, 1' }));
    await waitFor(() => expect(write).toHaveProperty('disabled', false));
    fireEvent.click(write);
    await waitFor(() => expect(bridge.inputsOf('hashList.import')).toEqual([{ token: 'token-2' }]));
    expect(bridge.files).toEqual([[file]]);
    expect(bridge.inputsOf('hashList.preview').map(({ settle }) => settle)).toEqual(['refuse', 'keep-mine']);
    await waitFor(() => expect(screen.queryByRole('complementary')).toBeNull());
  });

  it('looks again when the mode changes, and says what a replacement removes', async () => {
    const { bridge } = await openList({
      'hashList.preview': ({ mode }) => preview(mode === 'replace' ? { removed: 3 } : {}),
    });
    chooseInstead(new File(['x'], 'team.csv'));
    fireEvent.click(screen.getByRole('button', { name: 'Import…' }));
    fireEvent.click(await screen.findByRole('button', { name: 'Choose a CSV…' }));
    fireEvent.click(await screen.findByRole('radio', { name: 'Replace the whole list' }));
    expect((await screen.findByText('Removed from the list')).nextElementSibling?.textContent).toBe('3');
    expect(bridge.inputsOf('hashList.import')).toEqual([]);
  });
});

describe('days', () => {
  it('end with the day named, in UTC, and come back as the same day', () => {
    expect(secondsOfDay('')).toBeNull();
    expect(dayOfSeconds(secondsOfDay('2027-02-28'))).toBe('2027-02-28');
    expect(dayOfSeconds(null)).toBe('');
  });
});
