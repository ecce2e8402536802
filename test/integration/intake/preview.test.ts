import { createHash } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { calls } from '#shared/contract/index.ts';
import type { IntakePreview, PreviewSource, Reading } from '#shared/contract/intake.ts';
import { createHandleStore } from '#main/services/handle-store.ts';
import { intakePreviewHandlers } from '#main/services/handlers/intake-preview.ts';
import { threadWork } from '#test/unit/thread-work.ts';
import { openBench, temporaryFolder } from './intake-bench.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const md5 = (text: string): string => createHash('md5').update(text).digest('hex');

async function stage() {
  const bench = await openBench();
  const handles = createHandleStore();
  const handlers = intakePreviewHandlers({ intakes: bench.intakes, handles });
  const ask = async (from: PreviewSource, reading: Partial<Reading> = {}) => {
    const input = calls['intake.preview'].input.parse({ from, reading });
    return calls['intake.preview'].output.parse(await handlers['intake.preview'](input));
  };
  const show = async (from: PreviewSource, reading: Partial<Reading> = {}): Promise<IntakePreview> => {
    const { preview, reason } = await ask(from, reading);
    expect(reason).toBe('');
    if (preview === null) {
      throw new Error('there is no preview');
    }
    return preview;
  };
  return { bench, handles, handlers, ask, show, folder: temporaryFolder() };
}

const csv = `name,parent,sha256\na.exe,${sha256('p')},${sha256('a')}\nb.exe,,${sha256('b').slice(1)}\nz.exe,,\n`;

test('a table shows its columns, which hold digests, and its rows with place and reason', async () => {
  const { show } = await stage();
  const preview = await show({ kind: 'text', text: csv });
  expect(preview).toMatchObject({ format: 'csv', formatLabel: 'CSV', isList: true, isWhole: true });
  expect(preview.columns).toEqual([
    { name: 'name', isTaken: false, holdsDigests: false },
    { name: 'parent', isTaken: false, holdsDigests: true },
    { name: 'sha256', isTaken: true, holdsDigests: true },
  ]);
  expect(preview.rows.map(({ line, kind, cells, reason }) => [line, kind, cells[0], reason])).toEqual([
    [2, 'hash', 'a.exe', ''],
    [3, 'rejected', 'b.exe', '63 hex digits; MD5 has 32, SHA-1 40, SHA-256 64'],
    [4, 'without-hash', 'z.exe', 'no hash in this row'],
  ]);
  expect(preview.rows[0]?.digests).toEqual([{ kind: 'sha256', hash: sha256('a') }]);
  expect(preview.counts).toEqual({ hashed: 1, without: 1, rejected: 1, otherLines: 1 });
  expect(preview.alternatives.map(({ format }) => format)).toContain('text');
});

test('another format or column is shown as it would be read; a column that is not there is an error', async () => {
  const { ask, show } = await stage();
  const from = { kind: 'text', text: csv } as const;
  const parents = await show(from, { as: 'list', digestColumns: ['2'] });
  expect(parents.columns.map(({ isTaken }) => isTaken)).toEqual([false, true, false]);
  expect(parents.rows[0]?.digests).toEqual([{ kind: 'sha256', hash: sha256('p') }]);
  const text = await show(from, { as: 'list', format: 'text' });
  expect(text.columns).toEqual([]);
  expect(text.counts.hashed).toBe(2);
  expect(text.rows[1]?.carried[0]).toContain('a.exe');
  await expect(ask(from, { digestColumns: ['no such'] })).rejects.toThrow(/No column is named “no such”/);
});

test('a file that is no list has no rows until it is read as one; pasted text is always one', async () => {
  const { folder, handles, show } = await stage();
  const text = `A letter.\n${'It says nothing.\n'.repeat(50)}${md5('x')}\n`;
  writeFileSync(join(folder, 'letter.txt'), text);
  const { handle } = handles.addPaths([join(folder, 'letter.txt')]);
  const from = { kind: 'handle', handle, input: 0 } as const;
  expect(await show({ kind: 'text', text })).toMatchObject({ isList: true, counts: { hashed: 1 } });
  expect(await show(from)).toMatchObject({ isList: false, rows: [], counts: { hashed: 0 } });
  expect(await show(from, { as: 'list' })).toMatchObject({ isList: true, counts: { hashed: 1 } });
});

test('only the beginning of a file is read, unpacked, and half a digest at its end is none', async () => {
  const { folder, handles, show } = await stage();
  const path = join(folder, 'large.gz');
  const lines = Array.from({ length: 40_000 }, (_, index) => sha256(String(index)));
  writeFileSync(path, gzipSync(`${lines.join('\n')}\n`));
  const { handle } = handles.addPaths([path]);
  const preview = await show({ kind: 'handle', handle, input: 0 });
  expect(preview).toMatchObject({ name: 'large.gz', encoding: 'UTF-8', isWhole: false, bytes: 256 * 1024 });
  expect(preview.rows.map(({ digests }) => digests[0]?.hash)).toEqual(lines.slice(0, 20));
  expect(preview.counts).toMatchObject({ hashed: Math.floor((256 * 1024) / 65), rejected: 0 });
  // One endless line, cut so that 64 digits could lose some and still be a digest.
  for (let shift = 0; shift < 66; shift += 1) {
    const text = `${' '.repeat(shift)}${lines.slice(0, 4_500).join(' ')}`;
    const { counts } = await show({ kind: 'text', text }, { as: 'list', format: 'text' });
    expect(counts.hashed).toBe(Math.floor((256 * 1024 - shift) / 65));
  }
});

test('an input of a kept intake is looked at where it lies, or the reason says why not', async () => {
  const { bench, folder, ask, show } = await stage();
  const other = join(folder, 'other');
  mkdirSync(other);
  const first = join(folder, 'list.txt');
  const second = join(other, 'list.txt');
  writeFileSync(first, `${md5('1')}\n`);
  writeFileSync(second, `${md5('2')}\n${md5('3')}\n`);
  const { id } = await bench.read([
    { kind: 'path', path: second },
    { kind: 'path', path: first },
  ]);
  const hashes = async (input: number): Promise<unknown[]> =>
    (await show({ kind: 'intake', intakeId: id, input })).rows.map(({ digests }) => digests[0]?.hash);
  expect(await hashes(0)).toEqual([md5('2'), md5('3')]);
  expect(await hashes(1)).toEqual([md5('1')]);
  await expect(ask({ kind: 'intake', intakeId: id, input: 2 })).rejects.toThrow(/has no input 3/);

  rmSync(first);
  rmSync(other, { recursive: true });
  expect(await ask({ kind: 'intake', intakeId: id, input: 1 })).toEqual({
    preview: null,
    reason: 'list.txt could not be read: it does not exist.',
  });
  const pasted = await bench.read([`${md5('1')}\n`]);
  const gone = await ask({ kind: 'intake', intakeId: pasted.id, input: 0 });
  expect(gone).toMatchObject({ preview: null, reason: expect.stringContaining('was not kept') });
});

test('files of a folder read as lists are found, whole folders and handles that are gone are not', async () => {
  const { bench, folder, handles, ask, show } = await stage();
  writeFileSync(join(folder, 'in.txt'), `${md5('1')}\n`);
  const { id } = await bench.read([{ kind: 'path', path: folder }], { as: 'list' });
  expect((await show({ kind: 'intake', intakeId: id, input: 0 })).counts.hashed).toBe(1);
  const { handle } = handles.addPaths([folder]);
  expect(await ask({ kind: 'handle', handle, input: 0 })).toMatchObject({
    preview: null,
    reason: expect.stringContaining('is a folder'),
  });
  await expect(ask({ kind: 'handle', handle: 'gone', input: 0 })).rejects.toThrow(/no longer held open/);
});

test('the formats that can be asked for have ids, labels and examples', async () => {
  const { handlers } = await stage();
  const { formats } = calls['intake.formats'].output.parse(await handlers['intake.formats']({}));
  expect(formats.find(({ id }) => id === 'gnu')).toMatchObject({ label: 'Checksum file (GNU)', kind: 'list' });
});

test('the beginning of the worst text is shown in bounded time', async () => {
  const { show } = await stage();
  const worst = [
    "'".repeat(299_999),
    'a,'.repeat(149_999),
    '{"a":['.repeat(49_999),
    '"'.repeat(299_999),
    '0'.repeat(299_999),
  ];
  for (const text of worst) {
    const work = await threadWork(() => show({ kind: 'text', text }, { as: 'list' }));
    expect(work, text.slice(0, 6)).toBeLessThan(1_500);
  }
});

test('the name of a file tells import hashes from hashes of files, in the preview as in the intake', async () => {
  const { bench, handles, show, folder } = await stage();
  const path = join(folder, 'daily.imp');
  writeFileSync(path, `${md5('a')}:120:Win.Test.A-1\n${md5('b')}:*:Win.Test.B-1:73\n`);
  const { handle } = handles.addPaths([path]);
  const preview = await show({ kind: 'handle', handle, input: 0 });
  expect(preview).toMatchObject({ format: 'clamav-imp', isList: true, counts: { hashed: 0, without: 2 } });
  const { accounting } = await bench.read([{ kind: 'path', path }]);
  expect(accounting).toMatchObject({
    records: 2,
    hashes: 0,
    withoutHash: 2,
    notDigests: { imphash: 2 },
    balanced: true,
  });
});
