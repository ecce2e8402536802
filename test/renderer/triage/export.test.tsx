import { fireEvent, screen, waitFor } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { openIntake } from '#renderer/app/store.ts';
import type { Answers } from '../fake-bridge.ts';
import { openWindow } from '../window.tsx';

async function openList(change: Answers = {}) {
  const bridge = await openWindow({ 'intake.export': () => ({ jobId: 'job-2', path: '/out/list.csv' }), ...change });
  openIntake(7);
  const grid = await screen.findByRole('grid');
  await waitFor(() => expect(grid.querySelectorAll('[data-filled=true]')).toHaveLength(4));
  return { bridge, grid };
}

describe('exporting', () => {
  it('writes all rows in the order of the list unless a choice is made', async () => {
    const { bridge, grid } = await openList();
    fireEvent.keyDown(grid, { key: 'e' });
    fireEvent.click(await screen.findByRole('radio', { name: /JSONL/ }));
    fireEvent.click(screen.getByRole('button', { name: 'Export' }));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(bridge.inputsOf('intake.export')).toMatchObject([
      {
        intakeId: 7,
        format: 'jsonl',
        selection: { kind: 'query', query: { statuses: [], text: '', sort: 'position' } },
      },
    ]);
  });

  it('writes the rows the filter shows when there is one', async () => {
    const { bridge, grid } = await openList();
    fireEvent.click(screen.getByRole('button', { name: /^1\s*malicious$/ }));
    await screen.findByText('1 row of 4');
    fireEvent.keyDown(grid, { key: 'e' });
    expect(await screen.findByRole('radio', { name: 'Shown by the filter, 1', checked: true })).toBeDefined();
    fireEvent.click(screen.getByRole('button', { name: 'Export' }));
    await waitFor(() =>
      expect(bridge.inputsOf('intake.export')).toMatchObject([
        { format: 'csv', selection: { kind: 'query', query: { statuses: ['malicious'] } } },
      ]),
    );
  });

  it('writes rows selected by hand by what they are, not by where they stand', async () => {
    const { bridge, grid } = await openList();
    fireEvent.keyDown(grid, { key: 'End' });
    fireEvent.keyDown(grid, { key: 'x' });
    fireEvent.keyDown(grid, { key: 'e' });
    expect(await screen.findByRole('radio', { name: 'Selected, 1', checked: true })).toBeDefined();
    fireEvent.click(screen.getByRole('button', { name: 'Export' }));
    await waitFor(() =>
      expect(bridge.inputsOf('intake.export')).toMatchObject([{ selection: { kind: 'entries', entries: [3] } }]),
    );
  });
});

describe('a key of the rows', () => {
  it('works from anywhere in the view, unless it changes the hash list', async () => {
    const { bridge } = await openList();
    const button = screen.getByRole('button', { name: 'Add note' });
    button.focus();
    fireEvent.keyDown(button, { key: 'm' });
    fireEvent.keyDown(button, { key: 'e' });
    expect(await screen.findByRole('dialog', { name: 'Export' })).toBeDefined();
    expect(bridge.namesAsked()).not.toContain('hashList.addRows');
  });
});

describe('copying', () => {
  it('says how much came to the clipboard, and when it was not all', async () => {
    let text = '';
    Object.defineProperty(navigator, 'clipboard', {
      value: { writeText: (given: string) => Promise.resolve(void (text = given)) },
      configurable: true,
    });
    const { bridge, grid } = await openList({
      'intake.hashes': () => ({ text: 'a\nb', rows: 10_000, truncated: true }),
    });
    fireEvent.keyDown(grid, { key: 'a', ctrlKey: true });
    fireEvent.keyDown(grid, { key: 'c' });
    expect((await screen.findAllByText(/The first 10,000 rows were copied/)).length).toBeGreaterThan(0);
    expect(text).toBe('a\nb');
    expect(bridge.inputsOf('intake.hashes')).toMatchObject([{ as: 'list', selection: { kind: 'query' } }]);
  });
});
