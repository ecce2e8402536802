import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { show } from '#renderer/app/store.ts';
import { useChanges } from '#renderer/features/changes/store.ts';
import type { Answers } from '../fake-bridge.ts';
import { filledGrid, openWindow } from '../window.tsx';
import { bootstrap, hashOf, NOW } from '../world.ts';
import { change, changed, DAY, disputed, EFFECT, waiting } from './changes-world.ts';

const DECIDED = { added: 1, updated: 0, removed: 0, unchanged: 0, problems: [], changeId: 5 };

async function openChanges(answers: Answers = {}) {
  const bridge = await openWindow(answers);
  useChanges.setState({ since: { kind: 'date', at: NOW - 60 * DAY } });
  show('changes');
  await screen.findByRole('heading', { name: 'Changes' });
  return bridge;
}

describe('what changed', () => {
  it('lists changes with what became what, and opens the lists one touches', async () => {
    const touched = change(1, { intakes: [{ intakeId: 7, title: 'host 12' }], intakeCount: 22 });
    await openChanges({ 'changes.page': changed(touched, change(2, { flip: 'cleared', source: 'virustotal' })) });
    const grid = await filledGrid();
    const [, first] = within(grid).getAllByRole('row');
    expect(first?.textContent).toContain('maliciousnon-maliciousturned maliciousWildFire');
    fireEvent.keyDown(grid, { key: 'Enter' });
    const pane = within(await screen.findByRole('complementary', { name: 'Detail of the change' }));
    expect(pane.getByText('and 21 older ones')).toBeDefined();
    fireEvent.click(pane.getByRole('button', { name: 'host 12' }));
    expect(await screen.findByRole('heading', { name: 'list.csv' })).toBeDefined();
  });

  it('filters by flips, source and time, and asks for each', async () => {
    const bridge = await openChanges({ 'changes.page': changed(change(1), change(2, { flip: null })) });
    await filledGrid();
    fireEvent.click(screen.getByRole('button', { name: 'Flips 1' }));
    fireEvent.change(screen.getByRole('combobox', { name: 'Source' }), { target: { value: 'wildfire' } });
    await waitFor(() =>
      expect(bridge.inputsOf('changes.page').at(-1)).toMatchObject({
        query: { since: NOW - 60 * DAY, flipsOnly: true, source: 'wildfire' },
      }),
    );
    fireEvent.change(screen.getByLabelText('Since'), { target: { value: '2026-10-01' } });
    await waitFor(() =>
      expect(bridge.inputsOf('changes.page').at(-1)).toMatchObject({ query: { since: Date.UTC(2026, 9, 1) / 1000 } }),
    );
  });

  it('is a look: what was unseen is seen, and the look before is what "last look" means', async () => {
    const bridge = await openChanges({
      'changes.unseen': () => ({ raised: 2, cleared: 1, since: NOW - DAY, upTo: 9, lookedAt: NOW - 3 * DAY }),
    });
    await waitFor(() => expect(bridge.inputsOf('changes.seen')).toEqual([{ upTo: 9 }]));
    fireEvent.click(screen.getByRole('button', { name: 'Last look' }));
    await waitFor(() =>
      expect(bridge.inputsOf('changes.page').at(-1)).toMatchObject({ query: { since: NOW - 3 * DAY } }),
    );
  });

  it('teaches when nothing changed', async () => {
    await openChanges();
    expect(await screen.findByRole('heading', { name: /^Nothing changed since/ })).toBeDefined();
  });

  it('says what went wrong', async () => {
    const { Fault } = await import('../fake-bridge.ts');
    await openChanges({ 'changes.page': () => new Fault('The database is busy.') });
    expect((await screen.findByRole('alert')).textContent).toBe('The database is busy.');
  });
});

describe('disagreements', () => {
  async function openReview(answers: Answers = {}) {
    const bridge = await openChanges({
      'review.page': waiting(disputed(1), disputed(2)),
      'review.preview': () => EFFECT,
      ...answers,
    });
    fireEvent.click(await screen.findByRole('button', { name: 'Disagreements 2' }));
    return { bridge, grid: await filledGrid() };
  }

  it('says who says what', async () => {
    const { grid } = await openReview();
    const [, first] = within(grid).getAllByRole('row');
    expect(first?.textContent).toContain('VirusTotalmalicious41 of 72 engines');
    expect(first?.textContent).toContain('WildFirenon-malicious');
  });

  it('shows the effect first, wants a reason, decides, and takes it back', async () => {
    const { bridge, grid } = await openReview({
      'review.decide': () => DECIDED,
      'hashList.undo': () => ({ ...DECIDED, added: 0, removed: 1, changeId: 6 }),
    });
    fireEvent.keyDown(grid, { key: 'g' });
    const dialog = within(await screen.findByRole('dialog', { name: '1 file as known good' }));
    expect(await dialog.findByText(/3 rows in 1 kept list would be judged by it, 2 with another status/)).toBeDefined();
    expect(dialog.getByText(/4 waiting questions would leave the queue; 1 answer would no longer/)).toBeDefined();
    expect(bridge.inputsOf('review.preview')).toEqual([{ fileIds: [1], side: 'non-malicious' }]);
    const decide = dialog.getByRole('button', { name: 'Decide' });
    expect(decide).toHaveProperty('disabled', true);
    fireEvent.change(dialog.getByRole('textbox', { name: /Reason/ }), { target: { value: 'own build' } });
    expect(decide).toHaveProperty('disabled', false);
    fireEvent.click(decide);
    fireEvent.click(await screen.findByRole('button', { name: 'Undo' }));
    await waitFor(() => expect(bridge.inputsOf('hashList.undo')).toEqual([{ changeId: 5 }]));
    expect(bridge.inputsOf('review.decide')).toMatchObject([
      { fileIds: [1], side: 'non-malicious', reason: 'own build' },
    ]);
  });

  it('says nothing of questions and rescans where there are none', async () => {
    const { grid } = await openReview({ 'review.preview': () => ({ ...EFFECT, queued: 0, rescans: 2 }) });
    fireEvent.keyDown(grid, { key: 'm' });
    const words = await screen.findByText(/would be judged by it/);
    expect(words.textContent).toBe(
      '3 rows in 1 kept list would be judged by it, 2 with another status. 2 answers would no longer be asked for again.',
    );
  });

  it('decides several at once', async () => {
    const { bridge, grid } = await openReview();
    fireEvent.keyDown(grid, { key: 'a', ctrlKey: true });
    fireEvent.click(screen.getByRole('button', { name: /^Decide: malicious/ }));
    await screen.findByRole('dialog', { name: '2 files as malicious' });
    await waitFor(() => expect(bridge.inputsOf('review.preview')).toEqual([{ fileIds: [1, 2], side: 'malicious' }]));
  });

  it('cannot decide while something stands in the way', async () => {
    const problem = {
      line: null,
      hash: hashOf(1),
      side: 'malicious' as const,
      problem: 'other-side' as const,
      message: 'It is on the list as malicious, entry 3.',
      otherLine: null,
      otherEntry: 3,
    };
    const { grid } = await openReview({ 'review.preview': () => ({ ...EFFECT, intakes: [], problems: [problem] }) });
    fireEvent.keyDown(grid, { key: 'g' });
    const dialog = within(await screen.findByRole('dialog', { name: '1 file as known good' }));
    fireEvent.change(dialog.getByRole('textbox', { name: /Reason/ }), { target: { value: 'own build' } });
    expect(await dialog.findByText(problem.message)).toBeDefined();
    expect(dialog.getByRole('button', { name: 'Decide' })).toHaveProperty('disabled', true);
  });
});

describe('the status bar', () => {
  it('counts flips nobody looked at, and shows them', async () => {
    const bridge = await openWindow({
      'app.bootstrap': () => bootstrap(),
      'changes.unseen': () => ({ raised: 2, cleared: 1, since: NOW - DAY, upTo: 9, lookedAt: NOW - 3 * DAY }),
    });
    fireEvent.click(await screen.findByRole('button', { name: '2 turned malicious · 1 no longer malicious' }));
    await screen.findByRole('heading', { name: 'Changes' });
    await waitFor(() =>
      expect(bridge.inputsOf('changes.page').at(-1)).toMatchObject({
        query: { since: NOW - 3 * DAY, flipsOnly: true },
      }),
    );
  });

  it('says nothing when there is none', async () => {
    await openWindow();
    expect(screen.queryByRole('button', { name: /turned malicious|no longer/ })).toBeNull();
  });
});
