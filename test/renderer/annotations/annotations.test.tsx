import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import type { CallOutput } from '#shared/contract/index.ts';
import { changeOf, tagsOf, UNCHANGED, withoutTag, withTag } from '#renderer/features/annotations/draft.ts';
import { Fault, type Answers } from '../fake-bridge.ts';
import { found, result } from '../lookup/lookup-world.ts';
import { openWindow } from '../window.tsx';
import { detail, hashOf, NOW, pageOf, row } from '../world.ts';

type Done = CallOutput<'annotation.set'>;
const DONE: Done = { changeId: 4, changed: 1, unchanged: 0, full: 0, replaced: 0, cancelled: false };
const ONE = { files: 1, note: 'seen before', noted: 1, tags: [{ tag: 'APT29', count: 1 }] };
const WRITTEN = {
  id: 1,
  note: 'seen before',
  tags: ['APT29'],
  changedAt: NOW,
  changedBy: 'kim',
  digests: { sha256: hashOf(1) },
  asserted: false,
};

async function openList(change: Answers = {}) {
  const bridge = await openWindow({
    'annotation.of': () => ONE,
    'annotation.set': () => DONE,
    'annotation.undo': () => ({ restored: 1, kept: 0 }),
    'annotation.tags': () => ({ tags: [{ tag: 'APT29', count: 2 }], noted: 1 }),
    'intake.rows': ({ query, offset, limit }) =>
      pageOf(
        [0, 1, 2, 3].map((entry) => row(entry, entry < 2 ? { tags: ['APT29'], note: '=cmd|calc' } : {})),
        query,
        offset,
        limit,
      ),
    ...change,
  });
  fireEvent.click(await screen.findByRole('button', { name: 'list.csv' }));
  const grid = await screen.findByRole('grid');
  await waitFor(() => expect(grid.querySelectorAll('[data-filled=true]')).toHaveLength(4));
  return { bridge, grid };
}

const dialog = (): Promise<HTMLElement> => screen.findByRole('dialog');

describe('notes and tags in a list', () => {
  it('stand in columns of their own, and tags filter the rows', async () => {
    const { bridge, grid } = await openList();
    expect(await within(grid).findByRole('columnheader', { name: /Tags/ })).toBeDefined();
    expect(within(grid).getAllByText('=cmd|calc')).toHaveLength(2);
    fireEvent.click(screen.getByRole('button', { name: /^APT29\s*2$/ }));
    await waitFor(() => expect(bridge.inputsOf('intake.rows').at(-1)?.query.tags).toEqual(['APT29']));
    expect(await screen.findByText('2 rows of 4')).toBeDefined();
    fireEvent.click(within(grid).getByRole('button', { name: /Tags/ }));
    await waitFor(() => expect(bridge.inputsOf('intake.rows').at(-1)?.query.sort).toBe('tags'));
  });

  it('have no columns where nothing is written', async () => {
    const { grid } = await openList({ 'annotation.tags': () => ({ tags: [], noted: 0 }) });
    expect(within(grid).queryByRole('columnheader', { name: /Tags|Note/ })).toBeNull();
    expect(screen.queryByRole('group', { name: /Tags; press/ })).toBeNull();
  });

  it('are written with one key, and taken back', async () => {
    const { bridge, grid } = await openList();
    fireEvent.keyDown(grid, { key: 't' });
    const box = await dialog();
    const note = await within(box).findByRole('textbox', { name: 'Note' });
    expect((note as HTMLTextAreaElement).value).toBe('seen before');
    await waitFor(() => expect(document.activeElement).toBe(within(box).getByRole('combobox', { name: 'Add a tag' })));
    const save = within(box).getByRole('button', { name: 'Save' });
    expect((save as HTMLButtonElement).disabled).toBe(true);
    fireEvent.change(note, { target: { value: 'seen twice' } });
    const field = within(box).getByRole('combobox', { name: 'Add a tag' });
    fireEvent.change(field, { target: { value: ' Loader ' } });
    fireEvent.keyDown(field, { key: 'Enter' });
    fireEvent.click(within(box).getByRole('button', { name: 'Remove tag APT29' }));
    fireEvent.click(save);
    await waitFor(() => expect(bridge.inputsOf('annotation.set')).toHaveLength(1));
    expect(bridge.inputsOf('annotation.set')[0]).toEqual({
      target: { kind: 'rows', intakeId: 7, selection: { kind: 'entries', entries: [0] } },
      note: 'seen twice',
      noteBefore: 'seen before',
      add: ['Loader'],
      remove: ['APT29'],
    });
    fireEvent.click(await screen.findByRole('button', { name: /Undo/ }));
    await waitFor(() => expect(bridge.inputsOf('annotation.undo')).toEqual([{ changeId: 4 }]));
    expect(await screen.findByText('Taken back.')).toBeDefined();
  });

  it('are written out of the note by Ctrl Enter, and not while there is nothing to write', async () => {
    const { bridge, grid } = await openList();
    fireEvent.keyDown(grid, { key: 't' });
    const box = await dialog();
    const note = await within(box).findByRole('textbox', { name: 'Note' });
    fireEvent.keyDown(note, { key: 'Enter', ctrlKey: true });
    fireEvent.change(note, { target: { value: 'seen twice' } });
    fireEvent.keyDown(note, { key: 'Enter' });
    expect(bridge.inputsOf('annotation.set')).toEqual([]);
    fireEvent.keyDown(note, { key: 'Enter', ctrlKey: true });
    await waitFor(() => expect(bridge.inputsOf('annotation.set')).toMatchObject([{ note: 'seen twice' }]));
  });

  it('of many rows keep what differs until somebody writes over it', async () => {
    const several = { files: 4, note: null, noted: 3, tags: [{ tag: 'APT29', count: 2 }] };
    const { bridge, grid } = await openList({ 'annotation.of': () => several });
    fireEvent.keyDown(grid, { key: 'a', ctrlKey: true });
    fireEvent.keyDown(grid, { key: 't' });
    const box = await dialog();
    expect(await within(box).findByText('Note and tags of 4 rows')).toBeDefined();
    expect(within(box).getByPlaceholderText(/^3 of 4 rows have a note/)).toBeDefined();
    fireEvent.click(within(box).getByRole('button', { name: 'Add tag APT29 to all rows' }));
    fireEvent.click(within(box).getByRole('button', { name: 'Save' }));
    await waitFor(() => expect(bridge.inputsOf('annotation.set')).toHaveLength(1));
    const [input] = bridge.inputsOf('annotation.set');
    expect([input?.target.kind === 'rows' && input.target.selection.kind, input?.add, input?.note]).toEqual([
      'query',
      ['APT29'],
      undefined,
    ]);
  });

  it('make no rows look moved where only they changed', async () => {
    // The data directory went on since the verdicts were judged, and no verdict did.
    await openList({
      'intake.rows': ({ query, offset, limit }) => ({
        ...pageOf(
          [0, 1, 2, 3].map((entry) => row(entry)),
          query,
          offset,
          limit,
        ),
        judgedSeq: 9,
      }),
    });
    expect(screen.queryByRole('button', { name: 'Order again' })).toBeNull();
  });

  it('say what was replaced, what was full and what went wrong', async () => {
    let answer: Done | Fault = { ...DONE, changed: 3, replaced: 1, full: 2 };
    const { grid } = await openList({ 'annotation.set': () => answer });
    const write = async (): Promise<void> => {
      fireEvent.keyDown(grid, { key: 't' });
      const box = await dialog();
      fireEvent.click(await within(box).findByRole('button', { name: 'Remove tag APT29' }));
      fireEvent.click(within(box).getByRole('button', { name: 'Save' }));
    };
    await write();
    expect(
      await screen.findAllByText(/3 rows changed\. The note of 1 was changed by somebody else .* 2 left as they are/),
    ).not.toEqual([]);
    answer = new Fault('The disk is full. Nothing was written.');
    await write();
    const box = await dialog();
    expect((await within(box).findByRole('alert')).textContent).toBe('The disk is full. Nothing was written.');
    // What was chosen is still there, and is written once the fault is gone.
    expect(within(box).queryByRole('button', { name: 'Remove tag APT29' })).toBeNull();
    answer = DONE;
    fireEvent.click(within(box).getByRole('button', { name: 'Save' }));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  });

  it('keep what cannot be a tag in its field, and are written once however often Save is pressed', async () => {
    let end: (done: Done) => void = () => undefined;
    const { bridge, grid } = await openList({
      'annotation.set': () => new Promise((resolve) => (end = resolve)),
    });
    fireEvent.keyDown(grid, { key: 't' });
    const box = await dialog();
    const field = await within(box).findByRole('combobox', { name: 'Add a tag' });
    fireEvent.change(within(box).getByRole('textbox', { name: 'Note' }), { target: { value: 'another' } });
    fireEvent.change(field, { target: { value: 'turned \u202e' } });
    const save = within(box).getByRole('button', { name: 'Save' });
    fireEvent.click(save);
    expect((await within(box).findByRole('alert')).textContent).toContain('A tag has no control characters');
    expect(bridge.inputsOf('annotation.set')).toEqual([]);
    fireEvent.change(field, { target: { value: 'turned' } });
    expect(within(box).queryByRole('alert')).toBeNull();
    const form = save.closest('form') ?? box;
    fireEvent.submit(form);
    fireEvent.submit(form);
    expect(await within(box).findByText('Writing…')).toBeDefined();
    expect(bridge.inputsOf('annotation.set').map(({ add, note }) => [add, note])).toEqual([[['turned'], 'another']]);
    fireEvent.click(within(box).getByRole('button', { name: 'Close' }));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    end(DONE);
    expect(await screen.findByRole('button', { name: /Undo/ })).toBeDefined();
  });

  it('take nothing in while they are written, which would be lost with the dialog', async () => {
    let end: (done: Done) => void = () => undefined;
    const { grid } = await openList({ 'annotation.set': () => new Promise((resolve) => (end = resolve)) });
    fireEvent.keyDown(grid, { key: 't' });
    const box = within(await dialog());
    const note = await box.findByRole('textbox', { name: 'Note' });
    fireEvent.change(note, { target: { value: 'another' } });
    fireEvent.click(box.getByRole('button', { name: 'Save' }));
    await box.findByText('Writing…');
    expect(note).toHaveProperty('readOnly', true);
    expect(box.getByRole('combobox', { name: 'Add a tag' })).toHaveProperty('readOnly', true);
    fireEvent.click(box.getByRole('button', { name: 'Remove tag APT29' }));
    fireEvent.keyDown(box.getByRole('combobox', { name: 'Add a tag' }), { key: 'Backspace' });
    expect(box.getByRole('button', { name: 'Remove tag APT29' })).toBeDefined();
    end(DONE);
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  });

  it('are shown beside the row with who wrote them, and what only the list ties to it apart', async () => {
    const other = {
      ...WRITTEN,
      id: 2,
      note: 'by its MD5',
      tags: [],
      digests: { md5: 'ab'.repeat(16) },
      asserted: true,
    };
    const { grid } = await openList({
      'intake.detail': ({ entry }) => detail(entry, { annotations: [WRITTEN, other] }),
    });
    if (screen.queryByRole('region', { name: 'Detail' }) === null) {
      fireEvent.keyDown(grid, { key: 'Enter' });
    }
    const pane = await screen.findByRole('region', { name: 'Detail' });
    expect(await within(pane).findByText('seen before')).toBeDefined();
    expect(within(pane).getByText(/Written on MD5 abababababab…, which only this list ties/)).toBeDefined();
    expect(within(pane).getByText('by its MD5')).toBeDefined();
  });
});

describe('notes and tags in the look-up', () => {
  it('stand with the answer and are changed with the same key', async () => {
    const bridge = await openWindow({
      'lookup.find': () => found(result(1, { annotations: [WRITTEN] })),
      'annotation.of': () => ONE,
      'annotation.set': () => DONE,
    });
    fireEvent.keyDown(document.body, { key: '2' });
    const field = await screen.findByRole('textbox', { name: /Hashes, or any text/ });
    fireEvent.change(field, { target: { value: hashOf(1) } });
    fireEvent.keyDown(field, { key: 'Enter' });
    const page = await screen.findByRole('region', { name: `What is known about ${hashOf(1)}` });
    expect([within(page).getByText('seen before'), within(page).getByText('APT29')]).toHaveLength(2);
    expect(within(page).getByText(/^kim, /)).toBeDefined();
    fireEvent.keyDown(page, { key: 't' });
    const box = await dialog();
    fireEvent.change(await within(box).findByRole('textbox', { name: 'Note' }), { target: { value: '' } });
    fireEvent.click(within(box).getByRole('button', { name: 'Save' }));
    await waitFor(() =>
      expect(bridge.inputsOf('annotation.set')).toEqual([
        {
          target: { kind: 'hashes', hashes: [hashOf(1)] },
          note: '',
          noteBefore: 'seen before',
          add: [],
          remove: [],
        },
      ]),
    );
  });
});

describe('a draft', () => {
  const summary = {
    files: 3,
    note: null,
    noted: 2,
    tags: [
      { tag: 'a', count: 3 },
      { tag: 'B', count: 1 },
    ],
  };

  it('writes only what is another than before', () => {
    expect(changeOf(summary, UNCHANGED)).toBeNull();
    expect(changeOf(summary, withTag(UNCHANGED, 'A'))).toBeNull();
    expect(changeOf(summary, withoutTag(UNCHANGED, 'not there'))).toBeNull();
    expect(changeOf(summary, { ...UNCHANGED, note: '  ' })).toEqual({ add: [], remove: [], note: '' });
    expect(changeOf(summary, withTag(withoutTag(UNCHANGED, 'b'), 'c'))).toEqual({ add: ['c'], remove: ['b'] });
  });

  it('shows the tags as they will be', () => {
    expect(tagsOf(summary, withTag(withoutTag(UNCHANGED, 'A'), 'new'))).toEqual([
      { tag: 'B', count: 1, onAll: false },
      { tag: 'new', count: 0, onAll: true },
    ]);
    expect(tagsOf(summary, withTag(UNCHANGED, 'b')).map(({ onAll }) => onAll)).toEqual([true, true]);
  });
});
