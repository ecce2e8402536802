import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import type { InputFileView, IntakePreview, PreviewPart } from '#shared/contract/intake.ts';
import { openTextAs } from '#renderer/app/open-as.ts';
import { openIntake, useApp } from '#renderer/app/store.ts';
import { Fault, type Answers } from '../fake-bridge.ts';
import { openWindow } from '../window.tsx';
import { hashOf, input, intake } from '../world.ts';

const COUNTS = { hashed: 2, without: 0, rejected: 1, otherLines: 1 };
const ROW = { column: 0, digests: [], carried: [], cells: [], reason: '', excerpt: '' };

function preview(change: Partial<IntakePreview> = {}): IntakePreview {
  return {
    name: 'list.csv',
    format: 'csv',
    formatLabel: 'CSV',
    why: 'header names sha256',
    encoding: 'UTF-8',
    isList: true,
    alternatives: [{ format: 'text', label: 'Free text' }],
    columns: [
      { name: 'name', isTaken: false, holdsDigests: false },
      { name: 'parent', isTaken: false, holdsDigests: true },
      { name: 'sha256', isTaken: true, holdsDigests: true },
    ],
    carriedColumns: ['name', 'parent'],
    rows: [
      { ...ROW, kind: 'hash', line: 2, cells: ['a', '', hashOf(1)], digests: [{ kind: 'sha256', hash: hashOf(1) }] },
      { ...ROW, kind: 'rejected', line: 3, cells: ['b', '', 'abc'], reason: '3 hex digits', excerpt: 'b,,abc' },
    ],
    counts: COUNTS,
    inside: null,
    bytes: 900,
    isWhole: true,
    ...change,
  };
}

const FORMATS: NonNullable<Answers['intake.formats']> = () => ({
  formats: [
    { id: 'csv', label: 'CSV', kind: 'list', what: 'commas', example: 'a,b' },
    { id: 'text', label: 'Free text', kind: 'list', what: 'text', example: 'a' },
    { id: 'zip', label: 'Zip archive', kind: 'container', what: 'files', example: '' },
  ],
});
const REREAD: NonNullable<Answers['intake.reread']> = () => ({ intakeId: 8, jobId: 'job-3' });

async function openKept(inputs: readonly InputFileView[], more: Answers = {}, change = {}) {
  const bridge = await openWindow({
    'intake.get': () => ({ intake: intake(change), inputs: [...inputs] }),
    'intake.formats': FORMATS,
    'intake.preview': ({ reading }) => ({
      preview: preview(reading.format === 'text' ? { format: 'text', formatLabel: 'Free text', columns: [] } : {}),
      reason: '',
    }),
    'intake.reread': REREAD,
    'intake.unlock': () => ({ intakeId: 8, closed: 0 }),
    ...more,
  });
  openIntake(7);
  await screen.findByText('4 rows');
  return bridge;
}

describe('how a list was read', () => {
  it('is named at the head: format and columns', async () => {
    await openKept([input({ digestColumns: ['md5', 'sha256'] })]);
    expect(screen.getByRole('button', { name: 'CSV, columns md5 and sha256' })).toBeDefined();
  });

  it('is one press away from its first rows, and from being read otherwise', async () => {
    const bridge = await openKept([input()]);
    fireEvent.click(screen.getByRole('button', { name: 'CSV, column sha256' }));
    const dialog = within(await screen.findByRole('dialog', { name: 'How it was read' }));
    expect(await dialog.findByText(/2 rows with a hash, 0 without, 1 rejected, 1 other line/)).toBeDefined();
    const rows = within(dialog.getByRole('region', { name: 'First rows' }));
    expect(rows.getByText(hashOf(1)).className).toContain('taken');
    expect(rows.getByText('Rejected: 3 hex digits')).toBeDefined();
    expect(dialog.getByRole('button', { name: 'Read again' })).toHaveProperty('disabled', true);
    fireEvent.change(dialog.getByRole('combobox', { name: 'Read as' }), { target: { value: 'text' } });
    await waitFor(() =>
      expect(bridge.inputsOf('intake.preview').at(-1)).toEqual({
        from: { kind: 'intake', intakeId: 7, input: 0 },
        reading: { as: 'list', format: 'text' },
      }),
    );
    fireEvent.click(dialog.getByRole('button', { name: 'Read again' }));
    await waitFor(() =>
      expect(bridge.inputsOf('intake.reread')).toEqual([{ intakeId: 7, reading: { as: 'list', format: 'text' } }]),
    );
  });

  it('takes other columns by their boxes, and the way back', async () => {
    const bridge = await openKept([input()]);
    fireEvent.click(screen.getByRole('button', { name: 'CSV, column sha256' }));
    const parent = await screen.findByRole('checkbox', { name: /parent/ });
    expect(parent).toHaveProperty('checked', false);
    fireEvent.click(parent);
    await waitFor(() =>
      expect(bridge.inputsOf('intake.preview').at(-1)?.reading).toEqual({ as: 'list', digestColumns: ['2', '3'] }),
    );
    const columns = within(screen.getByRole('group', { name: 'Columns with hashes' }));
    fireEvent.click(columns.getByRole('button', { name: 'Choose the columns by header and content' }));
    await waitFor(() => expect(bridge.inputsOf('intake.preview').at(-1)?.reading).toEqual({ as: 'auto' }));
    expect(screen.getByRole('button', { name: 'Read again' })).toHaveProperty('disabled', true);
  });

  it('is read again once, however often that is pressed', async () => {
    const bridge = await openKept([input()], { 'intake.reread': () => new Promise(() => undefined) });
    fireEvent.click(screen.getByRole('button', { name: 'CSV, column sha256' }));
    fireEvent.change(await screen.findByRole('combobox', { name: 'Read as' }), { target: { value: 'text' } });
    const button = screen.getByRole('button', { name: 'Read again' });
    const form = button.closest('form') ?? button;
    fireEvent.submit(form);
    fireEvent.submit(form);
    await waitFor(() => expect(button).toHaveProperty('disabled', true));
    expect(bridge.inputsOf('intake.reread')).toHaveLength(1);
  });

  it('takes one box after the other, also while the preview of the first is on its way', async () => {
    const bridge = await openKept([input()], {
      'intake.preview': ({ reading }) =>
        reading.digestColumns === undefined ? { preview: preview(), reason: '' } : new Promise(() => undefined),
    });
    fireEvent.click(screen.getByRole('button', { name: 'CSV, column sha256' }));
    fireEvent.click(await screen.findByRole('checkbox', { name: /parent/ }));
    fireEvent.click(screen.getByRole('checkbox', { name: /^sha256/ }));
    expect(screen.getByRole('checkbox', { name: /parent/ })).toHaveProperty('checked', true);
    await waitFor(() =>
      expect(bridge.inputsOf('intake.preview').at(-1)?.reading).toEqual({ as: 'list', digestColumns: ['2'] }),
    );
  });

  it('says why there are no rows, and what is wrong with a choice', async () => {
    const bridge = await openKept([input()], {
      'intake.preview': () => ({ preview: null, reason: 'list.csv is no longer where it was read from.' }),
    });
    fireEvent.click(screen.getByRole('button', { name: 'CSV, column sha256' }));
    expect(await screen.findByText('list.csv is no longer where it was read from.')).toBeDefined();
    bridge.answers['intake.preview'] = () => new Fault('No column is named “x”.');
    fireEvent.change(screen.getByRole('combobox', { name: 'Read as' }), { target: { value: 'csv' } });
    expect(await screen.findByText('No column is named “x”.')).toBeDefined();
    expect(screen.getByRole('button', { name: 'Read again' })).toHaveProperty('disabled', true);
  });

  it('of several inputs shows the records by format, and the rows of the one pressed', async () => {
    const counts = { hashed: 1500, without: 1, rejected: 0, otherLines: 0 };
    const inputs = [
      input({ counts, records: 1501 }),
      input({ name: 'b.txt', format: 'text', formatLabel: 'Free text', counts: { ...counts, hashed: 7 }, records: 8 }),
    ];
    const bridge = await openKept(inputs);
    fireEvent.click(screen.getByRole('button', { name: '2 inputs' }));
    const shares = within(await screen.findByRole('region', { name: 'Records by format' }));
    const cells = shares.getAllByRole('row').map((row) => row.textContent);
    expect(cells).toEqual([
      'FormatInputsRecordsWith a hashWithoutRejectedOther lines',
      'CSV11,5011,500100',
      'Free text187100',
    ]);
    fireEvent.click(screen.getByRole('button', { name: 'b.txt' }));
    await waitFor(() =>
      expect(bridge.inputsOf('intake.preview').at(-1)?.from).toEqual({ kind: 'intake', intakeId: 7, input: 1 }),
    );
  });

  it('shows no rows of one input as those of another that is on its way', async () => {
    const first = Promise.withResolvers<{ preview: IntakePreview; reason: string }>();
    const second = Promise.withResolvers<{ preview: IntakePreview; reason: string }>();
    await openKept([input(), input({ name: 'b.csv' })], {
      'intake.preview': ({ from }) => (from.kind === 'intake' && from.input === 1 ? second.promise : first.promise),
    });
    fireEvent.click(screen.getByRole('button', { name: '2 inputs' }));
    expect(await screen.findByText('Looking at how it begins…')).toBeDefined();
    first.resolve({ preview: preview(), reason: '' });
    await screen.findByRole('region', { name: 'First rows' });
    fireEvent.click(screen.getByRole('button', { name: 'b.csv' }));
    expect(await screen.findByText('Looking at how it begins…')).toBeDefined();
    expect(screen.queryByRole('region', { name: 'First rows' })).toBeNull();
    expect(screen.queryByRole('checkbox', { name: /parent/ })).toBeNull();
    second.resolve({ preview: preview({ name: 'b.csv' }), reason: '' });
    expect(await screen.findByRole('region', { name: 'First rows' })).toBeDefined();
  });
});

describe('an archive or a document', () => {
  const part = (change: Partial<PreviewPart>): PreviewPart => ({
    name: 'a.csv',
    size: 1_500,
    kind: 'list',
    what: 'CSV',
    isEncrypted: false,
    columns: [],
    carriedColumns: [],
    rows: [],
    counts: COUNTS,
    text: [],
    ...change,
  });
  const inside = (change: Partial<NonNullable<IntakePreview['inside']>>): NonNullable<IntakePreview['inside']> => ({
    holds: 'archive',
    parts: [],
    more: 0,
    isCounted: true,
    ended: '',
    ...change,
  });
  const show = async (change: Partial<IntakePreview>) => {
    const zip = {
      format: 'zip',
      formatLabel: 'Zip archive',
      why: 'its content is a zip archive',
      rows: [],
      columns: [],
    };
    const bridge = await openKept([input()], {
      'intake.preview': () => ({ preview: preview({ ...zip, ...change }), reason: '' }),
    });
    fireEvent.click(screen.getByRole('button', { name: 'CSV, column sha256' }));
    return { bridge, dialog: within(await screen.findByRole('dialog', { name: 'How it was read' })) };
  };

  it('shows what lies in it, how each is read, and the first rows of its lists', async () => {
    const { dialog } = await show({
      isWhole: false,
      inside: inside({
        more: 130,
        isCounted: false,
        ended: 'looking at it took too long',
        parts: [
          part({ rows: preview().rows, columns: preview().columns }),
          part({ name: 'tool.exe', kind: 'sample', what: '', size: null }),
          part({ name: 'b.7z', kind: 'container', what: '7z archive' }),
          part({ name: 'c.txt', kind: 'refused', what: 'it is encrypted and no password fits', isEncrypted: true }),
        ],
      }),
    });
    const parts = within(await dialog.findByRole('region', { name: 'What lies in it' }));
    expect(parts.getAllByRole('row').map((row) => row.textContent)).toEqual([
      'FileSizeRead as',
      'a.csv1.50 kB CSV',
      'tool.exe– Sample: its content is hashed',
      'b.7z1.50 kB 7z archive: opened in its turn',
      'c.txt1.50 kBencrypted Not read: it is encrypted and no password fits',
    ]);
    expect(within(dialog.getByRole('region', { name: 'First rows of a.csv' })).getAllByRole('row')).toHaveLength(3);
    expect(dialog.getByText('At least 130 more.')).toBeDefined();
    expect(
      dialog.getByText(
        'Zip archive (its content is a zip archive). At least 134 files, of the first 4: 1 list, 1 sample, 1 archive or document, 1 that cannot be read. In what was looked at: 2 rows with a hash, 0 without, 1 rejected. A password for what is encrypted is asked for once it is read. Looking ended early: looking at it took too long.',
      ),
    ).toBeDefined();
  });

  it('without a hash says what becomes of it, and what cannot be opened says why', async () => {
    const text = part({ name: 'text', what: 'Free text', text: ['Dear all,', 'nothing here.'] });
    const pdf = {
      formatLabel: 'PDF document',
      why: '',
      isList: false,
      inside: inside({ holds: 'document', parts: [text] }),
    };
    const { bridge, dialog } = await show(pdf);
    expect(await dialog.findByText(/Its text holds no hash: read by itself, the file is hashed/)).toBeDefined();
    expect(dialog.getByRole('region', { name: 'First lines of text' }).textContent).toBe('Dear all,nothing here.');
    bridge.answers['intake.preview'] = () => ({
      preview: preview({ inside: inside({ ended: 'its list of members is damaged', isCounted: false }) }),
      reason: '',
    });
    fireEvent.change(dialog.getByRole('combobox', { name: 'Read as' }), { target: { value: 'csv' } });
    expect(await dialog.findByText(/Nothing in it can be shown: its list of members is damaged/)).toBeDefined();
  });

  it('is looked at no longer once the dialog is closed', async () => {
    const { bridge, dialog } = await show({ inside: inside({ parts: [part({})] }) });
    await dialog.findByRole('region', { name: 'What lies in it' });
    expect(bridge.inputsOf('intake.endPreview')).toEqual([]);
    fireEvent.click(dialog.getByRole('button', { name: 'Cancel' }));
    await waitFor(() => expect(bridge.inputsOf('intake.endPreview')).toEqual([{}]));
  });
});

describe('a list that was read by what is likely', () => {
  it('offers what else it could be, each one press away', async () => {
    const bridge = await openKept([
      input({ isGuess: true, alternatives: [{ format: 'ssv', label: 'Semicolon-separated' }] }),
    ]);
    fireEvent.click(await screen.findByRole('button', { name: 'Semicolon-separated' }));
    await waitFor(() =>
      expect(bridge.inputsOf('intake.reread')).toEqual([{ intakeId: 7, reading: { as: 'list', format: 'ssv' } }]),
    );
  });

  it('of several inputs is chosen with all in sight; of a pasted text nothing is left to read again', async () => {
    const guess = input({ isGuess: true, format: 'text', formatLabel: 'Free text', digestColumns: [] });
    await openKept([guess, input()]);
    expect(await screen.findByText(/No clear format in 1 of 2 inputs/)).toBeDefined();
    fireEvent.click(screen.getByRole('button', { name: 'Read otherwise…' }));
    expect(await screen.findByRole('dialog', { name: 'How it was read' })).toBeDefined();
  });

  it('is not offered what cannot be done', async () => {
    await openKept([input({ isGuess: true })], {}, { door: 'paste' });
    expect(screen.queryByRole('button', { name: /Read otherwise|More/ })).toBeNull();
  });
});

describe('an encrypted archive', () => {
  it('asks for its password, uses it once and forgets it', async () => {
    const bridge = await openKept([input({ name: 'a.zip', format: 'zip', needsPassword: true })]);
    expect(await screen.findByText(/Something in a.zip is encrypted/)).toBeDefined();
    const field = screen.getByLabelText('Password');
    expect(field.getAttribute('type')).toBe('password');
    fireEvent.change(field, { target: { value: 'correct horse' } });
    fireEvent.submit(field.closest('form') ?? field);
    await waitFor(() => expect(bridge.inputsOf('intake.unlock')).toEqual([{ intakeId: 7, password: 'correct horse' }]));
    await waitFor(() => expect(useApp.getState().intakeId).toBe(8));
    expect(document.body.innerHTML).not.toContain('correct horse');
    expect((field as HTMLInputElement).value).toBe('');
  });

  it('stays open, with the field in hand, where a password opens nothing', async () => {
    const locked = input({ name: 'a.zip', format: 'zip', needsPassword: true, encrypted: 2 });
    const bridge = await openKept([locked], { 'intake.unlock': () => ({ intakeId: null, closed: 2 }) });
    expect(await screen.findByText(/2 files in a.zip are encrypted/)).toBeDefined();
    const field = screen.getByLabelText('Password');
    for (const attempt of ['staple', 'battery']) {
      fireEvent.change(field, { target: { value: attempt } });
      fireEvent.submit(field.closest('form') ?? field);
      await screen.findByText('That password opened nothing: 2 files still closed.');
    }
    expect(bridge.inputsOf('intake.unlock')).toHaveLength(2);
    expect([useApp.getState().intakeId, document.activeElement]).toEqual([7, field]);
  });

  it('says why it could not be read again', async () => {
    const locked = input({ name: 'a.zip', format: 'zip', needsPassword: true });
    await openKept([locked], {
      'intake.unlock': () => new Fault('a.zip could not be read: it is gone.'),
    });
    const field = await screen.findByLabelText('Password');
    fireEvent.change(field, { target: { value: 'staple' } });
    fireEvent.submit(field.closest('form') ?? field);
    expect(await screen.findByText('a.zip could not be read: it is gone.')).toBeDefined();
  });
});

describe('open as', () => {
  it('shows how a text begins before it is read, and reads it as chosen', async () => {
    const bridge = await openWindow({
      'intake.formats': FORMATS,
      'intake.preview': () => ({ preview: preview(), reason: '' }),
      'intake.startText': () => ({ intakeId: 7, jobId: 'job-1' }),
    });
    openTextAs('a,b');
    const dialog = within(await screen.findByRole('dialog', { name: 'Read pasted text as' }));
    expect(await dialog.findByRole('region', { name: 'First rows' })).toBeDefined();
    expect(dialog.queryByRole('option', { name: /Sample/ })).toBeNull();
    fireEvent.change(dialog.getByRole('combobox', { name: 'Read as' }), { target: { value: 'zip' } });
    fireEvent.change(dialog.getByRole('combobox', { name: 'Read as' }), { target: { value: 'csv' } });
    fireEvent.click(dialog.getByRole('button', { name: 'Read' }));
    await waitFor(() =>
      expect(bridge.inputsOf('intake.startText')).toEqual([
        { text: 'a,b', title: 'Pasted text', reading: { as: 'list', format: 'csv' } },
      ]),
    );
    expect(bridge.inputsOf('intake.preview').map(({ reading }) => reading)).toEqual(
      expect.arrayContaining([{ as: 'auto', format: 'zip' }]),
    );
  });
});
