import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { openIntake } from '#renderer/app/store.ts';
import { Fault } from '../fake-bridge.ts';
import { openWindow } from '../window.tsx';
import { accounting, answers, counts, detail, hashOf, intake, input, job, verdict } from '../world.ts';

const DONE = { added: 1, updated: 0, removed: 0, unchanged: 0, problems: [], changeId: 31 };

async function openList(...change: Parameters<typeof openWindow>) {
  const bridge = await openWindow(...change);
  fireEvent.click(await screen.findByRole('button', { name: 'list.csv' }));
  const grid = await screen.findByRole('grid');
  await waitFor(() => expect(grid.querySelectorAll('[data-filled=true]')).toHaveLength(4));
  return { bridge, grid };
}

describe('an open intake', () => {
  it('gives the keyboard to its rows and says aloud what came out', async () => {
    const { grid } = await openList();
    expect(document.activeElement).toBe(grid);
    expect(await screen.findByText(/4 hashes: 1 malicious, 0 suspicious/)).toBeDefined();
    fireEvent.keyDown(grid, { key: 'j' });
    fireEvent.keyDown(grid, { key: 'j' });
    fireEvent.keyDown(grid, { key: 'k' });
    expect(grid.querySelector('.cur')?.getAttribute('data-row')).toBe('1');
  });

  it('asks for the rows a pressed count names and says how many there are', async () => {
    const { bridge } = await openList();
    fireEvent.click(screen.getByRole('button', { name: /^1\s*malicious$/ }));
    await waitFor(() => expect(bridge.inputsOf('intake.rows').at(-1)?.query.statuses).toEqual(['malicious']));
    expect(await screen.findByText('1 row of 4')).toBeDefined();
    expect(await screen.findByText('1 row shown')).toBeDefined();
  });

  it('sorts by a header with the keyboard and turns the direction on the second press', async () => {
    const { bridge } = await openList();
    const header = screen.getByRole('button', { name: 'Hash' });
    fireEvent.click(header);
    await waitFor(() =>
      expect(bridge.inputsOf('intake.rows').at(-1)?.query).toMatchObject({ sort: 'hash', descending: false }),
    );
    fireEvent.click(header);
    await waitFor(() =>
      expect(bridge.inputsOf('intake.rows').at(-1)?.query).toMatchObject({ sort: 'hash', descending: true }),
    );
  });

  it('filters once typing pauses, and Enter goes back to the rows at once', async () => {
    const { bridge, grid } = await openList();
    fireEvent.keyDown(document.body, { key: '/' });
    const field = document.activeElement as HTMLInputElement;
    expect(field.type).toBe('search');
    fireEvent.change(field, { target: { value: 'tool3' } });
    fireEvent.keyDown(field, { key: 'Enter' });
    expect(document.activeElement).toBe(grid);
    expect(await screen.findByText('1 row of 4')).toBeDefined();
    expect(bridge.inputsOf('intake.rows').some(({ query }) => query.text === 'tool3')).toBe(true);
  });

  it('says why nothing is shown and shows everything again', async () => {
    await openList();
    fireEvent.click(screen.getByRole('button', { name: /^0\s*pending$/ }));
    expect(await screen.findByRole('heading', { name: 'No row matches' })).toBeDefined();
    fireEvent.click(screen.getByRole('button', { name: 'Show all rows' }));
    expect(await screen.findByText('4 rows')).toBeDefined();
  });

  it('adds the row to the hash list and takes it back', async () => {
    const { bridge, grid } = await openList({
      'hashList.addRows': () => DONE,
      'hashList.undo': () => ({ ...DONE, added: 0, removed: 1 }),
    });
    fireEvent.keyDown(grid, { key: 'j' });
    fireEvent.keyDown(grid, { key: 'm' });
    fireEvent.click(await screen.findByRole('button', { name: 'Undo' }));
    await waitFor(() => expect(bridge.inputsOf('hashList.undo')).toEqual([{ changeId: 31 }]));
    expect(bridge.inputsOf('hashList.addRows')).toMatchObject([{ intakeId: 7, entries: [1], side: 'malicious' }]);
  });

  it('adds selected rows, and a refusal says so in its own words', async () => {
    const problem = {
      line: null,
      hash: hashOf(0),
      side: 'malicious' as const,
      problem: 'other-side' as const,
      message: 'It is on the list as malicious, entry 5.',
      otherLine: null,
      otherEntry: 5,
    };
    const { bridge, grid } = await openList({
      'hashList.addRows': () => ({ ...DONE, added: 0, problems: [problem], changeId: null }),
    });
    fireEvent.keyDown(grid, { key: 'x' });
    fireEvent.keyDown(grid, { key: 'ArrowDown' });
    fireEvent.keyDown(grid, { key: 'x' });
    fireEvent.keyDown(grid, { key: 'g' });
    expect(await screen.findByRole('alert')).toHaveProperty(
      'textContent',
      expect.stringContaining('Nothing was added. It is on the list as malicious, entry 5.'),
    );
    expect(bridge.inputsOf('hashList.addRows')).toMatchObject([{ entries: [0, 1], side: 'non-malicious' }]);
  });

  it('shows the verdict as triaged beside the one of now', async () => {
    await openList({
      'intake.detail': ({ entry }) => detail(entry, { triaged: verdict('unknown'), why: 'Two sources.' }),
    });
    const pane = within(await screen.findByRole('complementary'));
    expect(await pane.findByText('Two sources.')).toBeDefined();
    expect(pane.getByText('As triaged').nextElementSibling?.textContent).toContain('unknown');
    expect(pane.getByText('Now').nextElementSibling?.textContent).toContain('malicious');
  });

  it('turns the embargo with one press and keeps a note', async () => {
    const { bridge } = await openList({ 'intake.setEmbargo': () => ({}), 'intake.setNote': () => ({}) });
    fireEvent.click(screen.getByRole('switch', { name: 'Never ask for this list' }));
    await waitFor(() => expect(bridge.inputsOf('intake.setEmbargo')).toEqual([{ intakeId: 7, embargo: true }]));
    fireEvent.click(screen.getByRole('button', { name: 'Add list note' }));
    fireEvent.change(await screen.findByRole('textbox', { name: 'Note' }), { target: { value: 'Ticket 4411' } });
    fireEvent.click(screen.getByRole('button', { name: 'Save' }));
    await waitFor(() => expect(bridge.inputsOf('intake.setNote')).toEqual([{ intakeId: 7, note: 'Ticket 4411' }]));
  });

  it('remembers a column width set by key', async () => {
    const { bridge } = await openList();
    fireEvent.keyDown(screen.getByRole('button', { name: 'Basis' }), { key: 'ArrowRight', shiftKey: true });
    await waitFor(() =>
      expect(bridge.inputsOf('preferences.set').at(-1)?.columns?.['triage']?.widths['basis']).toBeGreaterThan(0),
    );
  });
});

describe('an intake that is not as it should be', () => {
  it.each([
    ['cancelled', { state: 'cancelled' as const }, /Cancelled before the end/, 'Read again'],
    ['missing', { state: 'missing' as const }, /files of this intake are missing/, 'Remove intake…'],
    ['failed', { state: 'failed' as const, fault: 'The file is a directory.' }, /Nothing could be read/, 'Read again'],
    ['cut off', { fault: 'The gzip data ends early.' }, /The gzip data ends early/, 'Read again'],
  ])('%s: says what happened, what is kept, and offers a step', async (_, change, sentence, step) => {
    await openWindow({ 'intake.get': () => ({ intake: intake(change), inputs: [input()] }) });
    openIntake(7);
    expect(await screen.findByText(sentence)).toBeDefined();
    expect(screen.getByRole('button', { name: step })).toBeDefined();
  });

  it('names the place of each record without a hash, and none where a file is the record', async () => {
    const row = { kind: 'rejected' as const, excerpt: '', column: null };
    await openWindow({
      'intake.get': () => ({ intake: intake({ accounting: accounting({ rejected: 2 }) }), inputs: [input()] }),
      'intake.rejected': () => ({
        total: 2,
        rows: [
          { ...row, file: 'a.zip/bin/link', line: 0, reason: 'it is a link' },
          { ...row, file: 'a.csv', line: 1032, column: 12, reason: '“1234” is not a hash' },
        ],
      }),
    });
    openIntake(7);
    fireEvent.click(await screen.findByRole('button', { name: '2 rejected' }));
    const dialog = await screen.findByRole('dialog');
    await within(dialog).findByText('it is a link');
    const cells = within(dialog)
      .getAllByRole('row')
      .map((each) => each.querySelector('.num')?.textContent);
    expect(cells).toEqual(['Line', '–', '1,032:12']);
  });

  it('names what its answers lack', async () => {
    const problems = ['The known set Base image was left out: its file is gone. Import it again.'];
    await openWindow({ 'intake.get': () => ({ intake: intake({ problems }), inputs: [input()] }) });
    openIntake(7);
    expect(await screen.findByText(/The known set Base image was left out/)).toBeDefined();
  });

  it('never shows an error as no rows', async () => {
    const bridge = await openWindow({ 'intake.rows': () => new Fault('The intake is locked by another process.') });
    openIntake(7);
    expect(await screen.findByText('The intake is locked by another process.')).toBeDefined();
    expect(screen.queryByText('No row matches')).toBeNull();
    expect(screen.queryByText(/^0 rows/)).toBeNull();
    bridge.answers['intake.rows'] = answers()['intake.rows'];
    fireEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await screen.findByText('4 rows')).toBeDefined();
  });

  it('shows the first counts while it is still being read, and can be stopped', async () => {
    const bridge = await openWindow({
      'intake.get': () => ({ intake: intake({ state: 'reading', counts: counts() }), inputs: [] }),
      'jobs.cancel': () => ({}),
    });
    openIntake(7);
    bridge.push('job', job());
    expect(await screen.findByText('20,000')).toBeDefined();
    expect(screen.getByRole('progressbar').getAttribute('aria-valuenow')).toBe('25');
    fireEvent.click(screen.getByRole('button', { name: /^Cancel/ }));
    await waitFor(() => expect(bridge.inputsOf('jobs.cancel')).toEqual([{ jobId: 'job-1' }]));
  });
});
