import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';
import { KEYS } from '#renderer/app/keys/keys.ts';
import { openIntake } from '#renderer/app/store.ts';
import { viewKey, VIEWS } from '#renderer/app/views.ts';
import { Fault } from '../fake-bridge.ts';
import { filledGrid, openWindow } from '../window.tsx';
import { bootstrap, hashOf, intake, job, stats } from '../world.ts';

const STARTED = { intakeId: 7, jobId: 'job-1' };

function press(key: string, more: Partial<KeyboardEventInit> = {}): void {
  fireEvent.keyDown(document.activeElement ?? document.body, { key, ...more });
}

function dropped(content: { readonly files?: readonly File[]; readonly text?: string }) {
  return { dataTransfer: { files: content.files ?? [], getData: () => content.text ?? '', dropEffect: 'none' } };
}

describe('the window', () => {
  it('only reads until somebody acts', async () => {
    const bridge = await openWindow();
    for (const view of VIEWS) {
      press(viewKey(view));
    }
    openIntake(7);
    await screen.findByRole('grid');
    const reads =
      /^(app\.(bootstrap|stats)|annotation\.tags|changes\.(page|unseen|seen)|sync\.jobs|review\.page|intake\.(list|get|rows|detail)|hashList\.(page|audit)|knownSets\.list|jobs\.list|sources\.list|outbound\.(state|requests)|usage\.(strip|panel|forecast|saved|failures))$/;
    expect(bridge.namesAsked().filter((name) => !reads.test(name))).toEqual([]);
  });

  it('says why it could not start', async () => {
    await openWindow({ 'app.bootstrap': () => new Fault('The data directory is on a network share.') });
    expect((await screen.findByRole('alert')).textContent).toContain('The data directory is on a network share.');
  });

  it('teaches on the first run with the sample list', async () => {
    const bridge = await openWindow({
      'intake.list': () => ({ total: 0, rows: [] }),
      'intake.startSample': () => STARTED,
    });
    fireEvent.click(await screen.findByRole('button', { name: 'Open sample' }));
    expect(await screen.findByRole('heading', { name: 'list.csv' })).toBeDefined();
    expect(bridge.inputsOf('intake.startSample')).toHaveLength(1);
  });

  it('shows recent intakes with their note and their state', async () => {
    await openWindow({
      'intake.list': () => ({
        total: 1,
        rows: [intake({ note: 'Ticket 4411\nmore', state: 'cancelled', embargo: true })],
      }),
    });
    const line = within((await screen.findByRole('button', { name: 'list.csv' })).closest('tr') as HTMLElement);
    expect(line.getByText('Ticket 4411')).toBeDefined();
    expect(line.getByText('cancelled')).toBeDefined();
    expect(line.getByText('never ask')).toBeDefined();
  });
});

describe('dropping and pasting', () => {
  it('reads dropped files in any view and shows that they may be let go', async () => {
    const bridge = await openWindow({ 'intake.start': () => STARTED });
    press(viewKey('known-sets'));
    const target = await screen.findByRole('heading', { name: 'Known sets' });
    const file = new File(['x'], 'list.csv');
    fireEvent.dragEnter(target, dropped({ files: [file] }));
    expect(screen.getByText('Drop to read')).toBeDefined();
    fireEvent.drop(target, dropped({ files: [file] }));
    expect(screen.queryByText('Drop to read')).toBeNull();
    expect(await screen.findByRole('heading', { name: 'list.csv' })).toBeDefined();
    expect(bridge.files).toEqual([[file]]);
    expect(bridge.inputsOf('intake.start')).toEqual([{ handle: 'files-1', reading: { as: 'auto' } }]);
  });

  it('names how many dropped things are no files on this machine, and reads the others', async () => {
    const bridge = await openWindow({ 'intake.start': () => STARTED });
    bridge.notOnDisk = 'attachment.eml';
    const files = [new File(['x'], 'list.csv'), new File(['x'], 'attachment.eml')];
    fireEvent.drop(screen.getByRole('main'), dropped({ files }));
    await waitFor(() => expect(bridge.inputsOf('intake.start')).toHaveLength(1));
    await waitFor(() => expect(screen.getByRole('main').textContent).toContain('1 of 2 things dropped'));
  });

  it('reads dropped text', async () => {
    const bridge = await openWindow({ 'intake.startText': () => STARTED });
    fireEvent.drop(screen.getByRole('main'), dropped({ text: hashOf(1) }));
    await waitFor(() => expect(bridge.inputsOf('intake.startText')).toMatchObject([{ text: hashOf(1) }]));
  });

  it('reads what is pasted anywhere but in a field', async () => {
    const bridge = await openWindow({ 'intake.startText': () => STARTED });
    const clipboardData = { getData: () => `seen ${hashOf(1)}` };
    press(viewKey('settings'));
    fireEvent.click(await screen.findByRole('button', { name: 'Verdict rules' }));
    fireEvent.paste(screen.getByRole('textbox', { name: 'Your name' }), { clipboardData });
    expect(bridge.inputsOf('intake.startText')).toHaveLength(0);
    fireEvent.paste(document.body, { clipboardData });
    await waitFor(() => expect(bridge.inputsOf('intake.startText')).toHaveLength(1));
  });

  it('says why files could not be read and stays where it is', async () => {
    await openWindow({ 'intake.start': () => new Fault('list.csv cannot be read: permission denied.') });
    fireEvent.drop(screen.getByRole('main'), dropped({ files: [new File(['x'], 'list.csv')] }));
    expect((await screen.findByRole('alert')).textContent).toContain('permission denied');
    expect(screen.getByRole('heading', { name: 'Triage' })).toBeDefined();
  });
});

describe('keys', () => {
  it('go to each view, and are listed in the map', async () => {
    await openWindow();
    for (const [view, title] of [
      ['hash-list', 'Hash list'],
      ['sources', 'Sources and queue'],
      ['known-sets', 'Known sets'],
      ['sync', 'Threat sync'],
      ['settings', 'Settings'],
      ['triage', 'Triage'],
    ] as const) {
      press(viewKey(view));
      expect(await screen.findByRole('heading', { name: title })).toBeDefined();
    }
    press('?');
    const map = within(await screen.findByRole('dialog', { name: 'Keyboard' }));
    for (const { does } of KEYS) {
      expect(map.getAllByText(does).length).toBeGreaterThan(0);
    }
  });

  it('do nothing while somebody types', async () => {
    await openWindow();
    press(viewKey('settings'));
    fireEvent.click(await screen.findByRole('button', { name: 'Verdict rules' }));
    const field = screen.getByRole('textbox', { name: 'Your name' });
    fireEvent.keyDown(field, { key: '2' });
    expect(screen.getByRole('heading', { name: 'Settings' })).toBeDefined();
  });

  it('lead from anywhere in a view to its rows, and from there back with Escape', async () => {
    await openWindow();
    fireEvent.click(await screen.findByRole('button', { name: 'list.csv' }));
    const grid = await screen.findByRole('grid');
    screen.getByRole('button', { name: 'Add list note' }).focus();
    press('j');
    expect(document.activeElement).toBe(grid);
    expect(grid.querySelector('.cur')?.getAttribute('data-row')).toBe('1');
    expect(document.title).toBe('list.csv – Assay');
    press('Escape');
    expect(await screen.findByRole('heading', { name: 'Triage' })).toBeDefined();
    await waitFor(() => expect(document.activeElement?.textContent).toBe('list.csv'));
    expect(document.title).toBe('Assay');
  });

  it('clear a filter before they lead back', async () => {
    await openWindow();
    fireEvent.click(await screen.findByRole('button', { name: 'list.csv' }));
    const grid = await screen.findByRole('grid');
    fireEvent.click(screen.getByRole('button', { name: /^1\s*malicious$/ }));
    await screen.findByText('1 row of 4');
    fireEvent.keyDown(grid, { key: 'Escape' });
    expect(await screen.findByText('4 rows')).toBeDefined();
    fireEvent.keyDown(await screen.findByRole('grid'), { key: 'Escape' });
    expect(await screen.findByRole('heading', { name: 'Triage' })).toBeDefined();
  });

  it('move between kept intakes where there are no rows', async () => {
    await openWindow({
      'intake.list': () => ({ total: 2, rows: [intake(), intake({ id: 6, title: 'older.csv' })] }),
    });
    await screen.findByRole('button', { name: 'older.csv' });
    for (const [key, title] of [
      ['j', 'list.csv'],
      ['j', 'older.csv'],
      ['j', 'older.csv'],
      ['k', 'list.csv'],
    ] as const) {
      press(key);
      expect(document.activeElement?.textContent).toBe(title);
    }
  });

  it('take back what was just done', async () => {
    const change = { added: 1, updated: 0, removed: 0, unchanged: 0, problems: [], changeId: 31 };
    const bridge = await openWindow({ 'hashList.addRows': () => change, 'hashList.undo': () => change });
    fireEvent.click(await screen.findByRole('button', { name: 'list.csv' }));
    fireEvent.keyDown(await filledGrid(), { key: 'm' });
    await screen.findByRole('button', { name: 'Undo' });
    press('z', { ctrlKey: true });
    await waitFor(() => expect(bridge.inputsOf('hashList.undo')).toEqual([{ changeId: 31 }]));
    press('z', { ctrlKey: true });
    expect(screen.queryByRole('button', { name: 'Undo' })).toBeNull();
  });

  it('are called as on the machine', async () => {
    await openWindow({ 'app.bootstrap': () => bootstrap({ platform: 'darwin' }) });
    expect((await screen.findAllByText('Cmd K')).length).toBeGreaterThan(0);
    expect(screen.queryByText('Ctrl K')).toBeNull();
  });
});

describe('the palette', () => {
  it('finds an intake by title and opens it', async () => {
    await openWindow();
    press('k', { ctrlKey: true });
    const field = await screen.findByRole('combobox');
    fireEvent.change(field, { target: { value: 'list.c' } });
    await screen.findByRole('option', { name: /list\.csv/ });
    fireEvent.keyDown(field, { key: 'Enter' });
    expect(await screen.findByRole('grid', { name: 'Hashes of list.csv' })).toBeDefined();
    expect(screen.queryByRole('combobox')).toBeNull();
  });

  it('does what the rows can do', async () => {
    await openWindow();
    fireEvent.click(await screen.findByRole('button', { name: 'list.csv' }));
    await screen.findByRole('grid');
    press('k', { ctrlKey: true });
    const field = await screen.findByRole('combobox');
    fireEvent.change(field, { target: { value: 'export' } });
    fireEvent.keyDown(field, { key: 'Enter' });
    expect(await screen.findByRole('dialog', { name: 'Export a report' })).toBeDefined();
  });

  it('reads a typed hash as a list where that is wanted', async () => {
    const bridge = await openWindow({ 'intake.startText': () => STARTED });
    press('k', { metaKey: true });
    const field = await screen.findByRole('combobox');
    fireEvent.change(field, { target: { value: hashOf(9) } });
    fireEvent.keyDown(field, { key: 'ArrowDown' });
    fireEvent.keyDown(field, { key: 'Enter' });
    await waitFor(() => expect(bridge.inputsOf('intake.startText')).toMatchObject([{ text: hashOf(9) }]));
  });
});

describe('what opens above the page', () => {
  it.each([
    ['the palette', 'k', true],
    ['the keyboard map', '?', false],
  ])('%s is closed while it is in the page, so that the keyboard goes back', async (_, key, ctrlKey) => {
    await openWindow();
    const closed: boolean[] = [];
    vi.spyOn(HTMLDialogElement.prototype, 'close').mockImplementation(function (this: HTMLDialogElement) {
      closed.push(this.isConnected);
    });
    press(key, { ctrlKey });
    fireEvent(await screen.findByRole('dialog'), new Event('cancel', { cancelable: true }));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(closed).toEqual([true]);
  });
});

describe('running work', () => {
  it('shows an export with progress and the way to stop it, then where the file is', async () => {
    const bridge = await openWindow({ 'jobs.cancel': () => ({}), 'app.showInFolder': () => ({}) });
    const writing = job({ kind: 'export', title: 'Export of list.csv', phase: 'writing', unit: 'rows' });
    act(() => bridge.push('job', writing));
    const line = within(screen.getByRole('region', { name: 'Running work' }));
    expect(line.getByText(/1,000,000 of 4,000,000/)).toBeDefined();
    fireEvent.click(line.getByRole('button', { name: /^Cancel/ }));
    await waitFor(() => expect(bridge.inputsOf('jobs.cancel')).toEqual([{ jobId: 'job-1' }]));
    act(() => bridge.push('job', { ...writing, state: 'done', message: '4 rows written.', path: '/out/list.csv' }));
    fireEvent.click(await screen.findByRole('button', { name: 'Show in folder' }));
    await waitFor(() => expect(bridge.inputsOf('app.showInFolder')).toEqual([{ path: '/out/list.csv' }]));
    expect(screen.queryByRole('region', { name: 'Running work' })).toBeNull();
  });

  it('pauses what can be paused and lets it go on; what cannot be has no such button', async () => {
    const bridge = await openWindow({ 'jobs.pause': () => ({}) });
    const reading = job({ kind: 'export', title: 'samples', paused: false });
    act(() => bridge.push('job', { ...reading, paused: null }));
    const line = within(screen.getByRole('region', { name: 'Running work' }));
    expect(line.queryByRole('button', { name: /^(Pause|Resume)/ })).toBeNull();
    act(() => bridge.push('job', reading));
    fireEvent.click(line.getByRole('button', { name: 'Pause: samples' }));
    act(() => bridge.push('job', { ...reading, paused: true, rate: 0, secondsLeft: null }));
    expect(line.getByText('Paused')).toBeDefined();
    fireEvent.click(line.getByRole('button', { name: 'Resume: samples' }));
    await waitFor(() =>
      expect(bridge.inputsOf('jobs.pause')).toEqual([
        { jobId: 'job-1', paused: true },
        { jobId: 'job-1', paused: false },
      ]),
    );
  });

  it('shows what failed in its own words until it is dismissed', async () => {
    const bridge = await openWindow();
    act(() => bridge.push('job', job({ kind: 'export', state: 'failed', message: 'The disk is full.' })));
    expect(screen.getByRole('alert').textContent).toContain('The disk is full.');
    fireEvent.click(screen.getByRole('button', { name: 'Dismiss' }));
    expect(screen.queryByRole('alert')).toBeNull();
  });

  it('keeps the figures of the status bar true', async () => {
    const bridge = await openWindow();
    bridge.answers['app.stats'] = () => ({ ...stats(), listEntries: 1_204 });
    act(() => bridge.push('changed', { kinds: ['hash-list'], intakeIds: [] }));
    expect(await screen.findByText('1,204')).toBeDefined();
  });
});

describe('preferences', () => {
  it('switch between the zones and themes at once and are kept', async () => {
    const bridge = await openWindow({ 'app.bootstrap': () => bootstrap() });
    fireEvent.click(screen.getByTitle('Switch between local time and UTC'));
    fireEvent.click(screen.getByRole('button', { name: 'Switch between light and dark' }));
    expect(document.documentElement.dataset['theme']).toBe('dark');
    await waitFor(() => expect(bridge.inputsOf('preferences.set')).toEqual([{ times: 'local' }, { theme: 'dark' }]));
  });
});
