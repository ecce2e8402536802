import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';
import { Fault } from '../fake-bridge.ts';
import { filledGrid } from '../window.tsx';
import { button, openSync, told } from './open-sync.ts';
import { counts, dryRun, HELD, indicator, newJob, run, syncJob } from './sync-world.ts';

describe('the plan of a dry run', () => {
  it('shows all indicators in order, with what changed and why', async () => {
    await openSync([syncJob()]);
    fireEvent.click(
      within(await screen.findByRole('group', { name: /^Parts of/ })).getByRole('button', { name: 'Dry run' }),
    );
    const grid = await filledGrid();
    expect(grid.getAttribute('aria-rowcount')).toBe('12421');
    const first = within(grid).getAllByRole('row')[1];
    expect(first?.textContent).toContain('held back');
    expect(first?.textContent).toContain('in NSRL, edition 2026.09');
    expect(await button('Run, write 4 packages…')).toBeDefined();
  });

  it('is narrowed by action and by text, in the engine', async () => {
    const bridge = await openSync([syncJob()]);
    fireEvent.click(
      within(await screen.findByRole('group', { name: /^Parts of/ })).getByRole('button', { name: 'Dry run' }),
    );
    const strip = within(await screen.findByRole('group', { name: 'Which indicators' }));
    fireEvent.click(strip.getByRole('button', { name: /^37/ }));
    await waitFor(() => expect(screen.getByRole('grid').getAttribute('aria-rowcount')).toBe('38'));
    const grid = await filledGrid();
    expect(within(grid).getAllByText('3 to 4').length).toBeGreaterThan(0);
    fireEvent.change(screen.getByRole('searchbox', { name: /^Filter by indicator/ }), { target: { value: 'cdn-' } });
    await waitFor(() =>
      expect(bridge.inputsOf('sync.plan').at(-1)).toMatchObject({ runId: 32, actions: ['changed'], text: 'cdn-' }),
    );
    fireEvent.click(await button('Show all'));
    await waitFor(() => expect(bridge.inputsOf('sync.plan').at(-1)?.actions).toBeUndefined());
  });

  it('says where held back ones can be released, once a run knows them', async () => {
    await openSync([syncJob({ held: 0, sent: 0, lastRun: null })]);
    const parts = within(await screen.findByRole('group', { name: /^Parts of/ }));
    fireEvent.click(parts.getByRole('button', { name: 'Dry run' }));
    await told('After the next run they are listed under Held back');
    expect(screen.queryByRole('button', { name: 'Release…' })).toBeNull();
  });

  it('is written to a file as it is filtered', async () => {
    const bridge = await openSync([syncJob()], {
      'sync.exportPlan': () => ({ jobId: 'job-1', path: '/downloads/plan.csv' }),
    });
    const parts = within(await screen.findByRole('group', { name: /^Parts of/ }));
    fireEvent.click(parts.getByRole('button', { name: 'Dry run' }));
    const strip = within(await screen.findByRole('group', { name: 'Which indicators' }));
    fireEvent.click(strip.getByRole('button', { name: /^37/ }));
    await waitFor(() => expect(screen.getByRole('grid').getAttribute('aria-rowcount')).toBe('38'));
    fireEvent.click(await button('Export'));
    fireEvent.click(await screen.findByRole('menuitem', { name: 'CSV, 37 rows' }));
    await waitFor(() =>
      expect(bridge.inputsOf('sync.exportPlan')).toEqual([{ runId: 32, actions: ['changed'], format: 'csv' }]),
    );
  });

  it('says when a run came after it, and promises nothing any more', async () => {
    await openSync([syncJob({ lastRun: run({ id: 33 }) })]);
    const parts = within(await screen.findByRole('group', { name: /^Parts of/ }));
    fireEvent.click(parts.getByRole('button', { name: 'Dry run' }));
    await told('A run came after this dry run.');
    expect(screen.queryByRole('button', { name: /^Run, write/ })).toBeNull();
    expect(screen.queryByRole('button', { name: 'Release…' })).toBeNull();
  });

  it('leads to a reconcile, which is what it showed', async () => {
    await openSync([syncJob()]);
    const parts = within(await screen.findByRole('group', { name: /^Parts of/ }));
    fireEvent.click(parts.getByRole('button', { name: 'Dry run' }));
    fireEvent.click(await button('Run, write 4 packages…'));
    const dialog = within(await screen.findByRole('dialog'));
    expect(dialog.getByRole('radio', { name: /^Everything/, checked: true })).toBeDefined();
  });

  it('that failed says so with its reason, and never that nothing matches', async () => {
    const failed = dryRun({ state: 'failed', message: 'ThreatConnect could not be reached: connect ECONNREFUSED.' });
    await openSync([syncJob({ lastDryRun: failed })]);
    fireEvent.click(
      within(await screen.findByRole('group', { name: /^Parts of/ })).getByRole('button', { name: 'Dry run' }),
    );
    expect((await screen.findByRole('alert')).textContent).toContain('ECONNREFUSED');
    expect(screen.queryByText('Nothing matches the criteria')).toBeNull();
  });

  it('copies the indicators that are selected', async () => {
    const writeText = vi.fn<(text: string) => Promise<void>>(() => Promise.resolve());
    vi.spyOn(navigator.clipboard, 'writeText').mockImplementation(writeText);
    await openSync([syncJob()]);
    fireEvent.click(
      within(await screen.findByRole('group', { name: /^Parts of/ })).getByRole('button', { name: 'Dry run' }),
    );
    const grid = await filledGrid();
    fireEvent.keyDown(grid, { key: 'End' });
    fireEvent.keyDown(grid, { key: 'Home' });
    fireEvent.keyDown(grid, { key: 'x' });
    fireEvent.keyDown(grid, { key: 'ArrowDown' });
    fireEvent.keyDown(grid, { key: 'x' });
    fireEvent.keyDown(grid, { key: 'c' });
    await told('2 indicators copied.');
    expect(writeText.mock.calls[0]?.[0].split('\n')).toHaveLength(2);
  });
});

describe('what is held back', () => {
  it('is released and held back again, with undo', async () => {
    const bridge = await openSync([syncJob()], { 'sync.release': ({ ids }) => ({ changed: ids.length }) });
    fireEvent.click(await button('Held back 2'));
    const grid = await filledGrid();
    expect(grid.textContent).toContain('in a known-good set: NSRL, edition 2026.09');
    fireEvent.keyDown(grid, { key: 'r' });
    await told('1 indicator released: the next run sends it.');
    fireEvent.keyDown(document.body, { key: 'z', ctrlKey: true });
    await told('1 indicator as before.');
    expect(bridge.inputsOf('sync.release')).toEqual([
      { jobId: 3, ids: [1], release: true },
      { jobId: 3, ids: [1], release: false },
    ]);
  });

  it('shows as released wherever in the rows it stands', async () => {
    const rows = [indicator(1, { held: 'hash-list' }), indicator(2, { held: 'hash-list' })];
    await openSync([syncJob()], {
      'sync.indicators': () => ({ total: 2, rows }),
      'sync.release': ({ ids, release }) => {
        rows[1] = indicator(2, { held: 'hash-list', released: release });
        return { changed: ids.length };
      },
    });
    fireEvent.click(await button('Held back 2'));
    const grid = await filledGrid();
    fireEvent.keyDown(grid, { key: 'ArrowDown' });
    fireEvent.keyDown(grid, { key: 'r' });
    const second = (): string => within(grid).getAllByRole('row')[2]?.textContent ?? '';
    await waitFor(() => expect(second()).toContain('released'));
    fireEvent.keyDown(document.body, { key: 'z', ctrlKey: true });
    await waitFor(() => expect(second()).toContain('held back'));
  });

  it('is not released when it is an own address', async () => {
    const own = HELD.filter(({ held }) => held === 'own');
    const bridge = await openSync([syncJob()], { 'sync.indicators': () => ({ total: 1, rows: own }) });
    fireEvent.click(await button('Held back 2'));
    const grid = await filledGrid();
    expect((await screen.findByRole<HTMLButtonElement>('button', { name: /^Release/ })).disabled).toBe(true);
    fireEvent.keyDown(grid, { key: 'r' });
    await told('they stay held back');
    expect(bridge.inputsOf('sync.release')).toEqual([]);
  });
});

describe('the detail of an indicator', () => {
  it('follows the rows and says where it is and what ThreatConnect says of it', async () => {
    await openSync([syncJob()]);
    fireEvent.click(await button('Held back 2'));
    const grid = await filledGrid();
    fireEvent.keyDown(grid, { key: 'Enter' });
    const pane = within(await screen.findByRole('complementary', { name: 'Detail of the indicator' }));
    expect(pane.getByText(/^Not in Threat Response\. Held back: in a known-good set/)).toBeDefined();
    expect(pane.getByText('sha256')).toBeDefined();
    fireEvent.keyDown(grid, { key: 'ArrowDown' });
    expect(await pane.findByText('192.168.4.7')).toBeDefined();
    fireEvent.keyDown(grid, { key: 'Escape' });
    await waitFor(() => expect(screen.queryByRole('complementary', { name: /^Detail/ })).toBeNull());
  });
});

describe('calling back', () => {
  const dry = run({ id: 90, kind: 'recall-dry-run', counts: counts({ withdrawn: 2, packages: 1 }) });

  it('shows what it takes out before selected indicators are recalled', async () => {
    const bridge = await openSync([syncJob()], {
      'sync.recall': ({ dryRun: isDry }) => (isDry ? dry : run({ id: 91, kind: 'recall', state: 'requested' })),
      'sync.run': () => dry,
    });
    fireEvent.click(await button('Sent 12,418'));
    const grid = await filledGrid();
    fireEvent.keyDown(grid, { key: 'x' });
    fireEvent.keyDown(grid, { key: 'ArrowDown' });
    fireEvent.keyDown(grid, { key: 'x' });
    fireEvent.keyDown(grid, { key: 'Delete' });
    const dialog = within(await screen.findByRole('dialog', { name: 'Recall 2 indicators' }));
    const scope = { kind: 'indicators', ids: [1, 2] };
    const action = await dialog.findByRole('button', { name: 'Recall 2 indicators' });
    expect(bridge.inputsOf('sync.recall')).toEqual([{ jobId: 3, scope, dryRun: true }]);
    fireEvent.click(action);
    await waitFor(() => expect(bridge.inputsOf('sync.recall').at(-1)).toEqual({ jobId: 3, scope, dryRun: false }));
  });

  it('of everything needs the name of the job', async () => {
    const bridge = await openSync([syncJob()], { 'sync.recall': () => dry, 'sync.run': () => dry });
    fireEvent.click(await button('Recall everything…'));
    const dialog = within(await screen.findByRole('dialog'));
    const action = await dialog.findByRole<HTMLButtonElement>('button', { name: 'Recall 2 indicators' });
    expect(action.disabled).toBe(true);
    const name = dialog.getByLabelText(/^Type the name of the job/);
    fireEvent.change(name, { target: { value: 'Emotet' } });
    expect(action.disabled).toBe(true);
    fireEvent.change(name, { target: { value: 'Emotet and QakBot' } });
    fireEvent.click(action);
    await waitFor(() =>
      expect(bridge.inputsOf('sync.recall').at(-1)).toEqual({ jobId: 3, scope: { kind: 'all' }, dryRun: false }),
    );
  });

  it('ends its dry run when nobody waits for it any longer', async () => {
    const running = { ...dry, state: 'running' as const, endedAt: null };
    const bridge = await openSync([syncJob()], {
      'sync.recall': () => running,
      'sync.run': () => running,
      'sync.cancel': () => running,
    });
    fireEvent.click(await button('Recall everything…'));
    const dialog = within(await screen.findByRole('dialog'));
    await dialog.findByText(/^Works out what this would take out/);
    fireEvent.click(dialog.getByRole('button', { name: 'Cancel' }));
    await waitFor(() => expect(bridge.inputsOf('sync.cancel')).toEqual([{ runId: 90 }]));
    expect(bridge.inputsOf('sync.recall').every(({ dryRun: isDry }) => isDry)).toBe(true);
  });

  it('says why it could not be worked out, and recalls nothing', async () => {
    await openSync([syncJob()], { 'sync.recall': () => new Fault('A run of this job is under way.', 'CONFLICT') });
    fireEvent.click(await button('Recall everything…'));
    const dialog = within(await screen.findByRole('dialog'));
    expect((await dialog.findByRole('alert')).textContent).toContain('A run of this job is under way.');
    expect(dialog.getByRole<HTMLButtonElement>('button', { name: 'Recall' }).disabled).toBe(true);
  });

  it('of a run is offered for runs that sent something only', async () => {
    await openSync([syncJob({ lastRun: run({ counts: counts({ new: 5 }) }), lastDryRun: dryRun() })]);
    fireEvent.click(await button('Runs'));
    expect(await button('Recall this run…')).toBeDefined();
    fireEvent.click(await button(/^Run 32,/));
    await screen.findByText(/Run 32, dry run, done/);
    expect(screen.queryByRole('button', { name: 'Recall this run…' })).toBeNull();
  });
});

describe('a job', () => {
  it('that is gone is asked nothing about any longer', async () => {
    const jobs = [syncJob(), newJob()];
    const bridge = await openSync([], { 'sync.jobs': () => ({ jobs }) });
    fireEvent.click(await button('Run…'));
    await screen.findByRole('dialog', { name: 'Run Emotet and QakBot now' });
    jobs.shift();
    act(() => bridge.push('changed', { kinds: ['sync'], intakeIds: [] }));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(await button('Parameters, 3 missing')).toBeDefined();
  });

  it('runs with what is saved, and says so while something is not', async () => {
    await openSync([syncJob()]);
    fireEvent.click(await button('Parameters'));
    fireEvent.change(await screen.findByLabelText('Tanium Username *'), { target: { value: 'other' } });
    fireEvent.click(await button('Run…'));
    expect(await screen.findByText('Parameters that are not saved yet do not count.')).toBeDefined();
  });

  it('is removed with what it sent left there only when that is said', async () => {
    let jobs = [syncJob(), newJob()];
    const bridge = await openSync(jobs, {
      'sync.jobs': () => ({ jobs }),
      'sync.remove': () => {
        jobs = [newJob()];
        return {};
      },
    });
    fireEvent.click(await button('Job'));
    fireEvent.click(await screen.findByRole('menuitem', { name: 'Remove…' }));
    const dialog = within(await screen.findByRole('dialog', { name: 'Remove Emotet and QakBot' }));
    const action = dialog.getByRole<HTMLButtonElement>('button', { name: 'Remove' });
    expect(action.disabled).toBe(true);
    fireEvent.click(dialog.getByRole('checkbox', { name: 'Leave them in Threat Response' }));
    fireEvent.click(action);
    await waitFor(() => expect(bridge.inputsOf('sync.remove')).toEqual([{ jobId: 3, leave: true }]));
    await waitFor(() => expect(document.activeElement?.getAttribute('data-row-link')).toBe(String(newJob().id)));
  });

  it('starts over from a moment somebody names', async () => {
    const bridge = await openSync([syncJob()], { 'sync.startOver': ({ from }) => syncJob({ lastModified: from }) });
    fireEvent.click(await button('Start over from…'));
    const dialog = within(await screen.findByRole('dialog', { name: 'Start over from…' }));
    fireEvent.change(dialog.getByLabelText(/^Pull again/), { target: { value: '2026-10-01T06:30' } });
    fireEvent.click(dialog.getByRole('button', { name: 'Start over' }));
    await waitFor(() =>
      expect(bridge.inputsOf('sync.startOver')).toEqual([{ jobId: 3, from: Date.UTC(2026, 9, 1, 6, 30) }]),
    );
    await told('2026-10-01 06:30 UTC');
  });

  it('is found by the palette, to be run or tried', async () => {
    const bridge = await openSync([newJob({ missing: [], whyInactive: null })], {
      'sync.request': () => run({ jobId: 4, kind: 'dry-run', state: 'requested' }),
    });
    fireEvent.keyDown(document.body, { key: 'k', ctrlKey: true });
    const field = await screen.findByRole('combobox');
    fireEvent.change(field, { target: { value: 'fresh' } });
    expect(await screen.findByRole('option', { name: 'Run sync job Fresh now…' })).toBeDefined();
    fireEvent.click(screen.getByRole('option', { name: 'Dry run of Fresh' }));
    await waitFor(() => expect(bridge.inputsOf('sync.request')).toEqual([{ jobId: 4, kind: 'dry-run' }]));
  });
});
