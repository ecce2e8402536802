import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { openIntake, setOverlay } from '#renderer/app/store.ts';
import type { Verification } from '#shared/contract/report.ts';
import { REPORT_FORMATS } from '#shared/domain/report.ts';
import { Fault, type Answers } from '../fake-bridge.ts';
import { chooseInstead, openWindow } from '../window.tsx';
import { accounting, input, intake, job as jobOf } from '../world.ts';

const FORMS = REPORT_FORMATS.map((format) => ({
  format,
  unavailable: format === 'pdf' ? 'No Chrome, Edge or Chromium was found.' : null,
}));

const PREVIEW = {
  rows: 4,
  kind: 'text' as const,
  content: 'hash,verdict',
  notes: ['CSV keeps its manifest beside it.'],
  suggestedName: 'list.csv.report.csv',
};

async function openList(change: Answers = {}) {
  const bridge = await openWindow({
    'report.formats': () => ({ formats: FORMS }),
    'report.list': () => ({ reports: [] }),
    'report.preview': () => PREVIEW,
    'report.start': () => ({ jobId: 'job-2', path: '/out/list.csv' }),
    ...change,
  });
  openIntake(7);
  const grid = await screen.findByRole('grid');
  await waitFor(() => expect(grid.querySelectorAll('[data-filled=true]')).toHaveLength(4));
  return { bridge, grid };
}

/** Presses the main button once it can be pressed. */
async function exportIt(): Promise<void> {
  const button = await screen.findByRole('button', { name: 'Export' });
  await waitFor(() => expect(button).toHaveProperty('disabled', false));
  fireEvent.click(button);
}

describe('exporting a report', () => {
  it('writes all rows in the order of the list unless a choice is made', async () => {
    const { bridge, grid } = await openList();
    fireEvent.keyDown(grid, { key: 'e' });
    fireEvent.click(await screen.findByRole('radio', { name: /JSONL/ }));
    await exportIt();
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(bridge.inputsOf('report.start')).toMatchObject([
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
    await exportIt();
    await waitFor(() =>
      expect(bridge.inputsOf('report.start')).toMatchObject([
        { format: 'html', selection: { kind: 'query', query: { statuses: ['malicious'] } } },
      ]),
    );
  });

  it('writes rows selected by hand by what they are, not by where they stand', async () => {
    const { bridge, grid } = await openList();
    fireEvent.keyDown(grid, { key: 'End' });
    fireEvent.keyDown(grid, { key: 'x' });
    fireEvent.keyDown(grid, { key: 'e' });
    expect(await screen.findByRole('radio', { name: 'Selected, 1', checked: true })).toBeDefined();
    await exportIt();
    await waitFor(() =>
      expect(bridge.inputsOf('report.start')).toMatchObject([{ selection: { kind: 'entries', entries: [3] } }]),
    );
  });

  it('states what people wrote, and remembers all of it but title and remarks', async () => {
    const { bridge, grid } = await openList();
    fireEvent.keyDown(grid, { key: 'e' });
    for (const [name, value] of [
      ['Title', 'Host 12'],
      ['Case', 'Case 7'],
      ['Examiner', 'J. Doe'],
      ['Remarks', 'First look.'],
    ] as const) {
      fireEvent.change(await screen.findByRole('textbox', { name }), { target: { value } });
    }
    await exportIt();
    await waitFor(() =>
      expect(bridge.inputsOf('report.start')).toMatchObject([
        { statement: { title: 'Host 12', caseName: 'Case 7', examiner: 'J. Doe', note: 'First look.' } },
      ]),
    );
    expect(bridge.inputsOf('preferences.set')).toContainEqual({
      report: { format: 'html', examiner: 'J. Doe', caseName: 'Case 7' },
    });
  });

  it('offers the one who works here as examiner', async () => {
    const { bridge, grid } = await openList();
    fireEvent.keyDown(grid, { key: 'e' });
    expect(await screen.findByRole('textbox', { name: 'Examiner' })).toHaveProperty('value', 'kim');
    await exportIt();
    await waitFor(() =>
      expect(bridge.inputsOf('report.start')).toMatchObject([{ statement: { examiner: 'kim', caseName: '' } }]),
    );
  });

  it('stays open when no file is chosen', async () => {
    const { bridge, grid } = await openList({ 'report.start': () => ({ jobId: null, path: null }) });
    fireEvent.keyDown(grid, { key: 'e' });
    await exportIt();
    await waitFor(() => expect(bridge.inputsOf('report.start')).toHaveLength(1));
    expect(screen.getByRole('dialog', { name: 'Export a report' })).toBeDefined();
  });

  it('keeps what was written when it cannot begin, and begins once however often it is pressed', async () => {
    let fail: (fault: Fault) => void = () => undefined;
    const { bridge, grid } = await openList({ 'report.start': () => new Promise((resolve) => (fail = resolve)) });
    fireEvent.keyDown(grid, { key: 'e' });
    await exportIt();
    const dialog = screen.getByRole('dialog', { name: 'Export a report' });
    fireEvent.submit(dialog.querySelector('form') ?? dialog);
    fail(new Fault('The disk is full. Nothing was written.'));
    expect((await within(dialog).findByRole('alert')).textContent).toBe('The disk is full. Nothing was written.');
    expect(bridge.inputsOf('report.start')).toHaveLength(1);
    expect(within(dialog).getByRole('button', { name: 'Export' })).toHaveProperty('disabled', false);
  });

  it('says before it is made that a PDF does not hold the rows, and exports fewer or another form', async () => {
    const FORMATS = { formats: REPORT_FORMATS.map((format) => ({ format, unavailable: null })) };
    const all = accounting({ records: 20_001, hashes: 20_001 });
    const { bridge, grid } = await openList({
      'report.formats': () => FORMATS,
      'intake.get': () => ({ intake: intake({ accounting: all }), inputs: [input()] }),
    });
    fireEvent.keyDown(grid, { key: 'End' });
    fireEvent.keyDown(grid, { key: 'x' });
    fireEvent.keyDown(grid, { key: 'e' });
    fireEvent.click(await screen.findByRole('radio', { name: /^PDF\s*the same page/ }));
    fireEvent.click(screen.getByRole('radio', { name: 'All, 20,001' }));
    const button = screen.getByRole('button', { name: 'Export' });
    expect(screen.getByRole('alert').textContent).toBe(
      'A PDF holds at most 20,000 rows, and 20,001 are chosen. Choose fewer, or HTML, which holds any number.',
    );
    expect(screen.getByRole('radio', { name: /^PDF\s*at most 20,000 rows/ })).toHaveProperty('checked', true);
    expect(button).toHaveProperty('disabled', true);
    fireEvent.submit(button.closest('form') ?? button);
    fireEvent.click(screen.getByRole('radio', { name: 'Selected, 1' }));
    expect(screen.queryByRole('alert')).toBeNull();
    await exportIt();
    await waitFor(() => expect(bridge.inputsOf('report.start')).toMatchObject([{ format: 'pdf' }]));
  });

  it('does not offer a form that cannot be made here, and says why', async () => {
    const { grid } = await openList();
    fireEvent.keyDown(grid, { key: 'e' });
    expect(await screen.findByText(/PDF cannot be made here. No Chrome, Edge or Chromium was found/)).toBeDefined();
    expect(screen.queryByRole('radio', { name: /^PDF/ })).toBeNull();
  });
});

describe('the preview of a report', () => {
  it('shows a page in a frame that may run nothing, and follows the choices', async () => {
    const { bridge, grid } = await openList({
      'report.preview': ({ format }) =>
        format === 'html' ? { ...PREVIEW, kind: 'html', content: '<p>page</p>', suggestedName: 'a.html' } : PREVIEW,
    });
    fireEvent.keyDown(grid, { key: 'e' });
    const frame = await screen.findByTitle('Preview of the report');
    expect(frame.getAttribute('sandbox')).toBe('');
    expect(frame.getAttribute('srcdoc')).toBe('<p>page</p>');
    fireEvent.click(screen.getByRole('radio', { name: /^CSV/ }));
    expect((await screen.findByRole('region', { name: 'Beginning of the file' })).textContent).toBe('hash,verdict');
    expect(screen.getByText('CSV keeps its manifest beside it.')).toBeDefined();
    expect(bridge.inputsOf('report.preview')).toMatchObject([{ format: 'html' }, { format: 'csv' }]);
  });

  it('asks once while somebody types', async () => {
    const { bridge, grid } = await openList();
    fireEvent.keyDown(grid, { key: 'e' });
    const title = await screen.findByRole('textbox', { name: 'Title' });
    await waitFor(() => expect(bridge.inputsOf('report.preview')).toHaveLength(1));
    for (const value of ['a', 'ab', 'abc']) {
      fireEvent.change(title, { target: { value } });
    }
    await waitFor(() => expect(bridge.inputsOf('report.preview')).toHaveLength(2));
    expect(bridge.inputsOf('report.preview')[1]).toMatchObject({ statement: { title: 'abc' } });
  });

  it('says why there is none, and lists the reports that were made', async () => {
    const { grid } = await openList({
      'report.preview': () => new Fault('The intake is missing.'),
      'report.list': () => ({
        reports: [{ id: 1, format: 'csv', title: 'x', path: '/out/x.csv', madeAt: 1, rows: 4, bytes: 2048 }],
      }),
    });
    fireEvent.keyDown(grid, { key: 'e' });
    expect((await screen.findByRole('alert')).textContent).toBe('The intake is missing.');
    expect(await screen.findByText('1 report made of this intake')).toBeDefined();
    expect(screen.getByText('/out/x.csv')).toBeDefined();
  });
});

describe('verifying a report', () => {
  it('is in the palette, and says what was compared', async () => {
    const bridge = await openWindow({
      'report.verify': () => ({
        outcome: 'changed',
        sentence: 'The seal does not fit what the file holds.',
        carried: 'a'.repeat(64),
        computed: 'b'.repeat(64),
        manifest: {
          format: 'html',
          madeBy: 'Assay 1',
          madeAt: 1,
          title: 'Host 12',
          examiner: '',
          caseName: '',
          rows: 4,
          inputs: [{ name: 'list.csv', bytes: 9, sha256: null }],
          simulated: true,
        },
        madeHereAt: null,
      }),
    });
    setOverlay('palette');
    fireEvent.click(await screen.findByRole('option', { name: /Verify a report/ }));
    const file = new File(['x'], 'report.html');
    chooseInstead(file);
    fireEvent.click(await screen.findByRole('button', { name: 'Choose a file…' }));
    expect(await screen.findByRole('heading', { name: 'Changed: report.html' })).toBeDefined();
    expect(screen.getByText('The seal does not fit what the file holds.')).toBeDefined();
    expect(screen.getByText('4 rows with simulated answers')).toBeDefined();
    expect(bridge.files).toEqual([[file]]);
  });

  it('says nothing of where a file without a seal was made', async () => {
    await openWindow({
      'report.verify': () => ({
        outcome: 'unsealed',
        sentence: 'This file carries no seal.',
        carried: null,
        computed: null,
        manifest: null,
        madeHereAt: null,
      }),
    });
    setOverlay('verify-report');
    chooseInstead(new File(['x'], 'list.csv'));
    fireEvent.click(await screen.findByRole('button', { name: 'Choose a file…' }));
    expect(await screen.findByRole('heading', { name: 'Not sealed: list.csv' })).toBeDefined();
    expect(screen.queryByText('Made here')).toBeNull();
    fireEvent.click(screen.getByRole('button', { name: 'Close' }));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  });

  it('shows how far it is, and is cancelled there or by closing', async () => {
    const job = jobOf({
      kind: 'verify',
      title: 'Verify report.xlsx',
      intakeId: null,
      unit: 'bytes',
      done: 256 * 1024,
      total: 1024 * 1024,
    });
    const waiting = [Promise.withResolvers<Fault>(), Promise.withResolvers<Fault>()];
    let asked = 0;
    const bridge = await openWindow({
      'report.verify': () => waiting[asked++]?.promise ?? new Fault('asked too often'),
      'jobs.list': () => ({ jobs: [job] }),
      'jobs.cancel': () => ({}),
    });
    setOverlay('verify-report');
    chooseInstead(new File(['x'], 'report.xlsx'));
    fireEvent.click(await screen.findByRole('button', { name: 'Choose a file…' }));
    await screen.findByText('Reading report.xlsx…');
    act(() => bridge.push('job', job));
    const bar = await screen.findByRole('progressbar', { name: job.title });
    expect(bar.getAttribute('aria-valuenow')).toBe('25');
    expect(screen.getAllByRole('progressbar')).toHaveLength(1);
    fireEvent.click(screen.getByRole('button', { name: `Cancel: ${job.title}` }));
    await waitFor(() => expect(bridge.inputsOf('jobs.cancel')).toEqual([{ jobId: job.jobId }]));
    waiting[0]?.resolve(new Fault('Cancelled before the file was compared.', 'CANCELLED'));
    expect(await screen.findByText('Cancelled: report.xlsx was not compared.')).toBeDefined();
    expect(screen.queryByRole('alert')).toBeNull();

    fireEvent.click(screen.getByRole('button', { name: 'Choose a file…' }));
    await screen.findByText('Reading report.xlsx…');
    fireEvent.click(screen.getByRole('button', { name: 'Close' }));
    await waitFor(() => expect(bridge.inputsOf('jobs.cancel')).toHaveLength(2));
    expect(screen.queryByRole('dialog')).toBeNull();
  });

  it('counts the inputs of a dropped report that it does not name', async () => {
    const inputs = Array.from({ length: 23 }, (_, n) => ({ name: `list-${n}.csv`, bytes: 9, sha256: null }));
    const read = Promise.withResolvers<Verification>();
    await openWindow({ 'report.verify': () => read.promise });
    setOverlay('verify-report');
    const text = await screen.findByText(/^Choose a report or drop it here/);
    const dropped = (name: string): object => ({ dataTransfer: { files: [new File(['x'], name)] } });
    fireEvent.drop(text, dropped('first.html'));
    await screen.findByText('Reading first.html…');
    const said = { format: 'html', madeBy: 'Assay 1', madeAt: 1, title: '', examiner: '', caseName: '' } as const;
    read.resolve({
      outcome: 'matches',
      sentence: 'It is as it was made.',
      carried: 'a'.repeat(64),
      computed: 'a'.repeat(64),
      manifest: { ...said, rows: 4, inputs, simulated: false },
      madeHereAt: null,
    });
    await screen.findByRole('heading', { name: 'As it was made: first.html' });
    expect(screen.getByText(/^list-19\.csv/)).toBeDefined();
    expect(screen.queryByText(/^list-20\.csv/)).toBeNull();
    expect(screen.getByText('3 more inputs')).toBeDefined();
  });

  it('reads what is dropped meanwhile behind it, each with its own outcome', async () => {
    const answers = [Promise.withResolvers<Verification>(), Promise.withResolvers<Verification>()];
    let asked = 0;
    const bridge = await openWindow({
      'report.verify': () => answers[asked++]?.promise ?? new Fault('The file is gone.'),
      'jobs.list': () => ({ jobs: [] }),
    });
    setOverlay('verify-report');
    const text = await screen.findByText(/^Choose a report or drop it here/);
    const drop = (...names: readonly string[]): boolean =>
      fireEvent.drop(text, { dataTransfer: { files: names.map((name) => new File(['x'], name)) } });
    drop('first.html');
    await screen.findByText('Reading first.html…');
    drop('second.csv', 'third.pdf');
    expect(await screen.findByText('2 files after it: second.csv and third.pdf')).toBeDefined();
    expect(bridge.inputsOf('report.verify')).toHaveLength(1);
    const plain = { carried: null, computed: null, manifest: null, madeHereAt: null };
    answers[0]?.resolve({ ...plain, outcome: 'matches', sentence: 'It is as it was made.' });
    await screen.findByRole('heading', { name: 'As it was made: first.html' });
    await screen.findByText('Reading second.csv…');
    answers[1]?.resolve({ ...plain, outcome: 'unsealed', sentence: 'This file carries no seal.' });
    await screen.findByText('third.pdf');
    expect(screen.getAllByRole('heading', { level: 3 }).map(({ textContent }) => textContent)).toEqual([
      'As it was made: first.html',
      'Not sealed: second.csv',
    ]);
    expect(screen.getByRole('alert').textContent).toBe('third.pdf could not be verified. The file is gone.');
    expect(screen.queryByText(/^Reading/)).toBeNull();
    drop('fourth.html');
    await screen.findByText('fourth.html');
    expect(screen.queryAllByRole('heading', { level: 3 })).toEqual([]);
  });

  it('says of a file that cannot be read that it could not be verified', async () => {
    await openWindow({ 'report.verify': () => new Fault('The file is gone.') });
    setOverlay('verify-report');
    chooseInstead(new File(['x'], 'report.html'));
    fireEvent.click(await screen.findByRole('button', { name: 'Choose a file…' }));
    expect((await screen.findByRole('alert')).textContent).toBe('report.html could not be verified. The file is gone.');
  });
});

describe('a key of the rows', () => {
  it('works from anywhere in the view, unless it changes the hash list', async () => {
    const { bridge } = await openList();
    const button = screen.getByRole('button', { name: 'Add list note' });
    button.focus();
    fireEvent.keyDown(button, { key: 'm' });
    fireEvent.keyDown(button, { key: 'e' });
    expect(await screen.findByRole('dialog', { name: 'Export a report' })).toBeDefined();
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
