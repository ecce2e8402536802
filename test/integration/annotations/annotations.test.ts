import { afterEach, expect, test } from 'vitest';
import type { GridQuery } from '#shared/contract/intake.ts';
import type { CallInput, CallName, CallOutput } from '#shared/contract/index.ts';
import { calls } from '#shared/contract/index.ts';
import { createRouter } from '#main/ipc/router.ts';
import { digestOf } from '#test/bench/data.ts';
import { startEngine, type EngineUnderTest } from '../engine/engine-fixture.ts';
import { EVERY_ROW } from '../../every-row.ts';

type Target = CallInput<'annotation.of'>['target'];

let under: EngineUnderTest;
afterEach(() => under.dispose());

const { signal } = new AbortController();

async function keep(text: string, title = 'list'): Promise<number> {
  const running = await under.engine.intakes.start(
    { title, door: 'paste', inputs: [{ kind: 'text', name: `${title}.csv`, text }], reading: { as: 'list' } },
    () => undefined,
    signal,
  );
  return (await running.finished).id;
}

/** A call as a window makes it. */
async function call<N extends CallName>(name: N, input: CallInput<N>): Promise<CallOutput<N>> {
  const router = createRouter<null>({
    handlers: under.engine.handlers,
    trusts: () => true,
    registerPaths: (paths) => under.engine.registerPaths(paths),
    onDefect: (_where, error) => {
      throw error;
    },
  });
  const reply = await router.call(null, name, input);
  if (!reply.ok) {
    throw new Error(`${reply.error.code} ${reply.error.message}`);
  }
  return calls[name].output.parse(reply.value) as CallOutput<N>;
}

const rows = async (intakeId: number, query: Partial<GridQuery> = {}) =>
  (await under.engine.intakes.rows(intakeId, { ...EVERY_ROW, ...query }, { offset: 0, limit: 500 })).rows;
const tagsOf = async (intakeId: number, query: Partial<GridQuery> = {}) =>
  (await rows(intakeId, query)).map((row) => [row.line, row.tags.join(' '), row.note] as const);

test.each(['inline', 'workers'] as const)(
  'rows written on are shown in every list, found and sorted, %s',
  async (threads) => {
    under = await startEngine({ threads });
    const [first, second, third] = [digestOf('file', 1), digestOf('file', 2), digestOf('file', 3)];
    const one = await keep(`${first}\n${second}\n${third}\n`);
    const other = await keep(`hash\n${third}\n${first}\n`, 'other');
    await rows(one);
    await rows(other);
    const byEntry = new Map((await rows(one)).map((row) => [row.line, row.entry]));
    const target: Target = {
      kind: 'rows',
      intakeId: one,
      selection: { kind: 'entries', entries: [byEntry.get(1) ?? -1, byEntry.get(3) ?? -1] },
    };
    const done = await call('annotation.set', { target, note: ' Dropped by\r\nthe loader ', add: ['APT29', 'Loader'] });
    expect(done).toMatchObject({ changed: 2, unchanged: 0, cancelled: false });
    await call('annotation.set', { target: { kind: 'hashes', hashes: [second.toUpperCase()] }, add: ['beacon'] });

    expect(await tagsOf(one)).toEqual([
      [1, 'APT29 Loader', 'Dropped by\nthe loader'],
      [2, 'beacon', ''],
      [3, 'APT29 Loader', 'Dropped by\nthe loader'],
    ]);
    expect((await tagsOf(other)).map(([line, tags]) => [line, tags])).toEqual([
      [2, 'APT29 Loader'],
      [3, 'APT29 Loader'],
    ]);
    expect((await tagsOf(one, { tags: ['BEACON'] })).map(([line]) => line)).toEqual([2]);
    expect((await tagsOf(one, { text: 'the LOADER' })).map(([line]) => line)).toEqual([1, 3]);
    expect((await tagsOf(one, { text: 'beac' })).map(([line]) => line)).toEqual([2]);
    expect((await tagsOf(one, { sort: 'tags', descending: true })).map(([line]) => line)).toEqual([2, 1, 3]);
    expect(await call('annotation.tags', { intakeId: other })).toEqual({
      tags: [
        { tag: 'APT29', count: 2 },
        { tag: 'Loader', count: 2 },
      ],
      noted: 2,
    });
    expect(await call('annotation.of', { target })).toEqual({
      files: 2,
      note: 'Dropped by\nthe loader',
      noted: 2,
      tags: [
        { tag: 'APT29', count: 2 },
        { tag: 'Loader', count: 2 },
      ],
    });
    const detail = await under.engine.intakes.detail(one, byEntry.get(1) ?? -1);
    expect(detail.annotations).toMatchObject([
      { note: 'Dropped by\nthe loader', tags: ['APT29', 'Loader'], asserted: false },
    ]);
    const looked = await under.engine.lookup.find(third);
    expect(looked.results[0]?.annotations).toMatchObject([{ tags: ['APT29', 'Loader'], asserted: false }]);

    expect(await call('annotation.undo', { changeId: done.changeId ?? 0 })).toEqual({ restored: 2, kept: 0 });
    expect((await tagsOf(one)).map(([, tags]) => tags)).toEqual(['', 'beacon', '']);
    await under.engine.intakes.forget(one);
    expect((await under.engine.lookup.find(second)).results[0]?.annotations).toMatchObject([{ tags: ['beacon'] }]);
  },
);

test('digests that only a list ties together show what is written on them, and pass nothing on', async () => {
  under = await startEngine();
  const [md5, sha256] = [digestOf('file', 1).slice(0, 32), digestOf('other', 1)];
  const id = await keep(`md5,sha256\n${md5},${sha256}\n`);
  const [row] = await rows(id);
  await call('annotation.set', { target: { kind: 'hashes', hashes: [md5] }, add: ['by md5'] });
  const target: Target = {
    kind: 'rows',
    intakeId: id,
    selection: { kind: 'entries', entries: [row?.entry ?? -1] },
  };
  await call('annotation.set', { target, add: ['by row'] });
  expect((await rows(id))[0]?.tags).toEqual(['by md5', 'by row']);
  const { annotations } = await under.engine.intakes.detail(id, row?.entry ?? -1);
  expect(annotations.map(({ tags, asserted, digests }) => [tags, asserted, digests])).toEqual([
    [['by row'], false, { sha256 }],
    [['by md5'], true, { md5 }],
  ]);
  expect((await under.engine.lookup.find(md5)).results[0]?.annotations).toMatchObject([{ tags: ['by md5'] }]);
});

test('what is copied as a table holds tags and notes, and nothing a spreadsheet would run', async () => {
  under = await startEngine();
  const hash = digestOf('file', 1);
  const id = await keep(`hash,=name\n${hash},=HYPERLINK("x")\n`);
  await call('annotation.set', {
    target: { kind: 'hashes', hashes: [hash] },
    add: ['@tag', '+1'],
    note: '=cmd\n\tsecond',
  });
  const { text } = await under.engine.intakes.hashes(id, { kind: 'query', query: EVERY_ROW }, 'tsv');
  const [header, row] = text.split('\n').map((line) => line.split('\t'));
  expect(header?.slice(6)).toEqual(['file', 'line', 'tags', 'note', "'=name"]);
  expect(row?.slice(7)).toEqual(['2', "'+1; @tag", "'=cmd second", `'=HYPERLINK("x")`]);
});

test('a wrong tag, a long note and too many rows are refused before anything is written', async () => {
  under = await startEngine();
  const hash = digestOf('file', 1);
  const target: Target = { kind: 'hashes', hashes: [hash] };
  await expect(call('annotation.set', { target, add: ['a\nb'] })).rejects.toThrow('INVALID_ARGUMENT');
  await expect(call('annotation.set', { target, add: ['x'.repeat(65)] })).rejects.toThrow('INVALID_ARGUMENT');
  await expect(call('annotation.set', { target, note: 'x'.repeat(10_001) })).rejects.toThrow('INVALID_ARGUMENT');
  await expect(call('annotation.undo', { changeId: 5 })).rejects.toThrow(/NOT_FOUND .*taken back already/);
  const id = await keep(Array.from({ length: 10_001 }, (_, n) => digestOf('many', n)).join('\n'));
  const everything: Target = { kind: 'rows', intakeId: id, selection: { kind: 'query', query: EVERY_ROW } };
  await expect(call('annotation.set', { target: everything, add: ['all'] })).rejects.toThrow(
    /10,001 rows are too many/,
  );
  expect(await call('annotation.tags', {})).toEqual({ tags: [], noted: 0 });
});

test('a step that is cancelled half way keeps what it did, and undo takes that back', async () => {
  under = await startEngine();
  const { annotations } = under.engine;
  const files = await annotations.files({
    kind: 'hashes',
    hashes: Array.from({ length: 1_200 }, (_, n) => digestOf('many', n)),
  });
  const stop = new AbortController();
  const done = await annotations.write(files, { add: ['half'] }, () => stop.abort(), stop.signal);
  expect([done.cancelled, done.changed]).toEqual([true, 500]);
  expect(await annotations.tags(null)).toEqual({ tags: [{ tag: 'half', count: 500 }], noted: 0 });
  expect(await annotations.undo(done.changeId ?? 0)).toEqual({ restored: 500, kept: 0 });
  expect(await annotations.tags(null)).toEqual({ tags: [], noted: 0 });
});

test('ten thousand rows in one step, with progress, and taken back in one', async () => {
  under = await startEngine({ threads: 'workers' });
  const id = await keep(Array.from({ length: 10_000 }, (_, n) => digestOf('many', n)).join('\n'));
  const jobs: { done: number; total: number | null }[] = [];
  under.engine.onPush((name, payload) => {
    if (name === 'job' && 'jobId' in payload && payload.kind === 'annotate') {
      jobs.push({ done: payload.done, total: payload.total });
    }
  });
  const target: Target = { kind: 'rows', intakeId: id, selection: { kind: 'query', query: EVERY_ROW } };
  const done = await call('annotation.set', { target, add: ['sweep'], note: 'seen in the sweep' });
  expect(done).toMatchObject({ changed: 10_000, full: 0 });
  expect(jobs.at(-1)).toEqual({ done: 10_000, total: 10_000 });
  const page = await under.engine.intakes.rows(id, { ...EVERY_ROW, tags: ['sweep'] }, { offset: 9_500, limit: 500 });
  expect([page.total, page.rows.length, page.rows[0]?.tags]).toEqual([10_000, 500, ['sweep']]);
  expect(await call('annotation.undo', { changeId: done.changeId ?? 0 })).toEqual({ restored: 10_000, kept: 0 });
  expect((await under.engine.intakes.rows(id, { ...EVERY_ROW, tags: ['sweep'] }, { offset: 0, limit: 1 })).total).toBe(
    0,
  );
});
