import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, onTestFinished, test } from 'vitest';
import { EVERYTHING, openBench, temporaryFolder } from './intake-bench.ts';
import { EVERY_ROW } from '../../every-row.ts';

const sha256 = (text: string | Uint8Array): string => createHash('sha256').update(text).digest('hex');
const sha1 = (text: string | Uint8Array): string => createHash('sha1').update(text).digest('hex');
const md5 = (text: string | Uint8Array): string => createHash('md5').update(text).digest('hex');

const isRoot = process.getuid?.() === 0;
const isWindows = process.platform === 'win32';

test('a pasted list is kept with its accounting, where each hash came from and its verdicts', async () => {
  const bench = await openBench();
  const text = `# a comment\n${sha256('1')}\n${md5('2')}\n\n${sha256('1')}\nnot a hash\n${sha1('3')}  a note\n`;
  const intake = await bench.read([text]);
  expect(intake).toMatchObject({
    id: 1,
    title: 'pasted',
    state: 'ready',
    door: 'terminal',
    createdAt: 1_790_000_000,
    bytes: Buffer.byteLength(text),
    sha256: sha256(text),
    readBy: 'assay test',
    files: 1,
    accounting: { hashes: 3, duplicates: 1, balanced: true },
    embargo: false,
    note: '',
    fault: null,
    judgedAt: 1_790_000_000,
  });
  const { records, hashes, duplicates, withoutHash, rejected } = intake.accounting;
  expect(records).toBe(hashes + duplicates + withoutHash + rejected);
  expect(Object.values(intake.counts).reduce((sum, count) => sum + count, 0)).toBe(3);
  const { total, rows } = await bench.intakes.rows(1, EVERY_ROW, { offset: 0, limit: 10 });
  expect(total).toBe(3);
  expect(rows.map((row) => [row.hash, row.kind, row.line, row.occurrences, row.file])).toEqual([
    [sha256('1'), 'sha256', 2, 2, 'pasted'],
    [md5('2'), 'md5', 3, 1, 'pasted'],
    [sha1('3'), 'sha1', 7, 1, 'pasted'],
  ]);
  expect(rows[0]?.verdict).toMatchObject({ status: 'unknown', rule: 'never-asked', source: null, flags: [] });
});

test('several hashes of one kind in a row are a row each, and the records still add up', async () => {
  const bench = await openBench();
  const header = 'name,related';
  const rows = [`a,${sha256('1')} ${sha256('2')} ${sha256('1')}`, `b,${sha256('2')}; ${md5('2')}`, 'c,-'];
  const { accounting } = await bench.read([[header, ...rows, ''].join('\n')]);
  expect(accounting).toMatchObject({ records: 4, hashes: 3, duplicates: 0, withoutHash: 1, balanced: true });
  const { rows: shown } = await bench.intakes.rows(1, EVERY_ROW, { offset: 0, limit: 10 });
  expect(shown.map(({ hash, line, carried }) => [hash, line, carried])).toEqual([
    [sha256('1'), 2, ['a']],
    [sha256('2'), 2, ['a']],
    [sha256('2'), 3, ['b']],
  ]);
});

test('inputs of several formats share one intake; their columns are united', async () => {
  const bench = await openBench();
  const folder = temporaryFolder();
  const csv = join(folder, 'one.csv');
  const sums = join(folder, 'two.sha256');
  writeFileSync(csv, `name,sha256,size\na.exe,${sha256('a')},1\nb.exe,${sha256('b')},2\n`);
  writeFileSync(sums, `${sha256('b')}  b.bin\n${sha256('c')} *c.bin\n`);
  const intake = await bench.read([
    { kind: 'path', path: csv },
    { kind: 'path', path: sums },
    `found ${md5('d')} in a log line\nand nothing here\nagain ${md5('d')}\n`,
  ]);
  expect(intake).toMatchObject({
    state: 'ready',
    title: 'one.csv and 2 more',
    files: 3,
    accounting: { hashes: 4, duplicates: 2, balanced: true },
  });
  const { inputs } = await bench.intakes.get(intake.id);
  expect(inputs.map((input) => input.name)).toEqual(['one.csv', 'two.sha256', 'pasted']);
  expect(intake.columns.slice(0, 2)).toEqual(['name', 'size']);
  const { rows } = await bench.intakes.rows(intake.id, EVERY_ROW, { offset: 0, limit: 10 });
  expect(rows.map((row) => [row.hash, row.file])).toEqual([
    [sha256('a'), 'one.csv'],
    [sha256('b'), 'one.csv'],
    [sha256('c'), 'two.sha256'],
    [md5('d'), 'pasted'],
  ]);
  expect(rows.every((row) => row.carried.length === intake.columns.length)).toBe(true);
  expect(rows[1]?.carried.slice(0, 2)).toEqual(['b.exe', '2']);
  const detail = await bench.intakes.detail(intake.id, rows[1]?.entry ?? 0);
  expect(detail.occurrences.map((place) => [place.file, place.line])).toEqual([
    ['one.csv', 3],
    ['two.sha256', 1],
  ]);
});

test.each([
  ['gzip', (text: string) => gzipSync(text)],
  ['UTF-16 LE with BOM', (text: string) => Buffer.concat([Buffer.of(0xff, 0xfe), Buffer.from(text, 'utf16le')])],
  ['gzip over UTF-16', (text: string) => gzipSync(Buffer.from(`\ufeff${text}`, 'utf16le'))],
  ['UTF-8 with BOM and CRLF', (text: string) => Buffer.from(`\ufeff${text.replaceAll('\n', '\r\n')}`)],
])('%s gives the same rows as plain text', async (_name, encode) => {
  const bench = await openBench();
  const text = Array.from({ length: 400 }, (_, n) => `${sha256(`${n % 390}`)}  file ${n}\n`).join('');
  const path = join(temporaryFolder(), 'list');
  writeFileSync(path, encode(text));
  const intake = await bench.read([{ kind: 'path', path }]);
  expect(intake).toMatchObject({ state: 'ready', accounting: { records: 400, hashes: 390, duplicates: 10 } });
  const plain = await bench.read([text]);
  const page = { offset: 0, limit: 500 };
  const strip = (rows: { entry: number; hash: string; line: number; carried: string[] }[]) =>
    rows.map(({ entry, hash, line, carried }) => [entry, hash, line, carried]);
  expect(strip((await bench.intakes.rows(intake.id, EVERY_ROW, page)).rows)).toEqual(
    strip((await bench.intakes.rows(plain.id, EVERY_ROW, page)).rows),
  );
});

test('a file that is no list is hashed as a sample, and its digests are linked', async () => {
  const bench = await openBench();
  const bytes = Buffer.from(Array.from({ length: 300_000 }, (_, n) => (n * 7919) % 256));
  const path = join(temporaryFolder(), 'program.exe');
  writeFileSync(path, bytes);
  const intake = await bench.read([{ kind: 'path', path }]);
  expect(intake).toMatchObject({
    state: 'ready',
    sha256: sha256(bytes),
    bytes: bytes.length,
    columns: ['path', 'size'],
    accounting: { records: 1, hashes: 1, duplicates: 0, withoutHash: 0, rejected: 0, balanced: true },
  });
  const detail = await bench.intakes.detail(intake.id, 0);
  expect(detail).toMatchObject({
    hash: sha256(bytes),
    digests: { md5: md5(bytes), sha1: sha1(bytes), sha256: sha256(bytes) },
    digestLink: 'computed',
    occurrences: [{ file: path, line: 0, column: null, carried: [path, String(bytes.length)] }],
  });
  const later = await bench.read([`${md5(bytes)}\n`]);
  expect((await bench.intakes.detail(later.id, 0)).aliases).toEqual(
    expect.arrayContaining([
      { kind: 'sha256', hash: sha256(bytes), link: 'computed' },
      { kind: 'sha1', hash: sha1(bytes), link: 'computed' },
    ]),
  );
});

test('asked for, a list is hashed as a sample and a sample is searched as a list', async () => {
  const bench = await openBench();
  const folder = temporaryFolder();
  const list = join(folder, 'list.txt');
  writeFileSync(list, `${md5('x')}\n`);
  const asSample = await bench.read([{ kind: 'path', path: list }], { as: 'sample' });
  expect(asSample).toMatchObject({
    sha256: sha256(`${md5('x')}\n`),
    accounting: { hashes: 1 },
    columns: ['path', 'size'],
  });
  const noise = join(folder, 'noise.txt');
  writeFileSync(noise, `${'just words\n'.repeat(50)}${md5('y')}\n`);
  expect((await bench.read([{ kind: 'path', path: noise }])).columns).toEqual(['path', 'size']);
  const asList = await bench.read([{ kind: 'path', path: noise }], { as: 'list' });
  expect(asList.accounting).toMatchObject({ records: 51, hashes: 1, withoutHash: 50, balanced: true });
});

test('a folder is its files: links in circles, sockets and unreadable files are named and harm nothing', async () => {
  const bench = await openBench();
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'sub', 'deeper'), { recursive: true });
  writeFileSync(join(folder, 'a.bin'), 'a');
  writeFileSync(join(folder, 'sub', 'same-as-a.bin'), 'a');
  writeFileSync(join(folder, 'sub', 'deeper', 'list.txt'), `${md5('not read as a list')}\n`);
  writeFileSync(join(folder, 'empty'), '');
  const named: [string, string][] = [];
  if (!isWindows) {
    symlinkSync('..', join(folder, 'sub', 'up'));
    symlinkSync('nowhere', join(folder, 'broken'));
    symlinkSync('a.bin', join(folder, 'link-to-a'));
    execFileSync('mkfifo', [join(folder, 'pipe')]);
    const server = createServer().listen(join(folder, 'socket'));
    await new Promise((resolve) => server.once('listening', resolve));
    onTestFinished(() => void server.close());
    named.push(
      ['broken', 'it does not exist'],
      ['pipe', 'a pipe, not a file'],
      ['socket', 'a socket, not a file'],
      ['sub/up', 'a link to a folder, not followed'],
    );
  }
  if (!isWindows && !isRoot) {
    writeFileSync(join(folder, 'secret'), 's');
    chmodSync(join(folder, 'secret'), 0);
    named.push(['secret', 'permission denied']);
  }
  const intake = await bench.read([{ kind: 'path', path: folder }]);
  const troubles = await bench.intakes.troubles(intake.id, { offset: 0, limit: 100 });
  expect(new Map(troubles.rows.map(({ file, reason }) => [file, reason]))).toEqual(
    new Map(named.map(([name, reason]) => [join(folder, name), reason])),
  );
  const duplicates = isWindows ? 1 : 2;
  expect(intake).toMatchObject({
    state: 'ready',
    files: 1,
    accounting: { records: 3 + duplicates + named.length, hashes: 3, duplicates, balanced: true },
  });
  const { rows } = await bench.intakes.rows(intake.id, { ...EVERY_ROW, sort: 'hash' }, { offset: 0, limit: 10 });
  expect(rows.map((row) => row.hash)).toEqual(
    [sha256('a'), sha256(''), sha256(`${md5('not read as a list')}\n`)].sort(),
  );
});

test('a folder read as lists has one input per file', async () => {
  const bench = await openBench();
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'a.md5sums'), `${md5('a')}  usr/bin/a\n`);
  writeFileSync(join(folder, 'b.md5sums'), `${md5('b')}  usr/bin/b\n${md5('a')}  usr/bin/a\n`);
  const intake = await bench.read([{ kind: 'path', path: folder }], { as: 'list' });
  expect(intake).toMatchObject({ files: 2, accounting: { records: 3, hashes: 2, duplicates: 1 } });
});

test('what cannot be read is a trouble with its reason; the rest goes on', async () => {
  const bench = await openBench();
  const path = join(temporaryFolder(), 'gone.txt');
  const intake = await bench.read([{ kind: 'path', path }, `${md5('1')}\n`]);
  expect(intake).toMatchObject({
    state: 'ready',
    files: 2,
    accounting: { records: 2, hashes: 1, rejected: 1, balanced: true },
  });
  expect((await bench.intakes.troubles(intake.id, { offset: 0, limit: 9 })).rows).toEqual([
    { file: path, line: 0, column: null, kind: 'rejected', reason: 'it does not exist', excerpt: '' },
  ]);
  const failed = await bench.read([{ kind: 'path', path }]);
  expect(failed).toMatchObject({ state: 'failed', fault: `${path} could not be read: it does not exist.` });
});

test('a format that does not exist fails the intake with the reason', async () => {
  const bench = await openBench();
  const intake = await bench.read([`${md5('1')}\n`], { format: 'runes' });
  expect(intake.state).toBe('failed');
  expect(intake.fault).toContain('runes');
});

test('half a digest at the end of a cut gzip file is no digest', async () => {
  const bench = await openBench();
  const lines = Array.from({ length: 20_000 }, (_, n) => `${sha256(`${n}`)}\n`).join('');
  const packed = gzipSync(lines);
  const path = join(temporaryFolder(), 'cut.gz');
  writeFileSync(path, packed.subarray(0, packed.length - 5_000));
  const intake = await bench.read([{ kind: 'path', path }]);
  const { inputs } = await bench.intakes.get(intake.id);
  expect(inputs[0]?.fault).toContain('gzip');
  expect(intake.accounting).toMatchObject({ rejected: 0, withoutHash: 0, balanced: true });
  expect(intake.accounting.hashes).toBeGreaterThan(10_000);
  const { rows } = await bench.intakes.rows(intake.id, { ...EVERY_ROW, sort: 'kind' }, { offset: 0, limit: 1 });
  expect(rows[0]?.kind).toBe('sha256');
});

test('the first hashes are judged and counted while the rest is read', async () => {
  const bench = await openBench();
  const lines = Array.from({ length: 60_000 }, (_, n) => `${sha256(`${n}`)}\n`).join('');
  await bench.read([lines]);
  const looks = bench.progress.filter((each) => each.phase === 'reading' && each.counts !== null);
  expect(looks[0]?.judged).toBeGreaterThan(0);
  expect(looks[0]?.counts?.unknown).toBe(looks[0]?.judged);
  const last = bench.progress.at(-1);
  expect([last?.phase, last?.judged, last?.counts?.unknown]).toEqual(['judging', 60_000, 60_000]);
  const batches = bench.intakes.batches(1, EVERYTHING, new AbortController().signal);
  let rows = 0;
  for await (const batch of batches) {
    rows += batch.length;
  }
  expect(rows).toBe(60_000);
});

test('what became of the records of each input adds up to the accounting of the intake', async () => {
  const bench = await openBench();
  const folder = temporaryFolder();
  const sample = join(folder, 'program.bin');
  writeFileSync(sample, Uint8Array.of(0, 1, 2, 3, 0, 0, 7));
  const csv = join(folder, 'list.csv');
  writeFileSync(csv, `name,sha256\na,${sha256('a')}\nb,\nc,${sha256('c').slice(1)}\n\na,${sha256('a')}\n`);
  const intake = await bench.read([
    { kind: 'path', path: csv },
    { kind: 'path', path: join(folder, 'missing') },
    { kind: 'path', path: sample },
    `# a list\n${md5('1')}\n${md5('2')}\n`,
  ]);
  const { inputs } = await bench.intakes.get(intake.id);
  expect(inputs.map(({ format, counts }) => [format, counts])).toEqual([
    ['csv', { hashed: 2, without: 1, rejected: 1, otherLines: 2 }],
    ['unreadable', { hashed: 0, without: 0, rejected: 1, otherLines: 0 }],
    ['list', { hashed: 2, without: 0, rejected: 0, otherLines: 1 }],
    ['samples', { hashed: 1, without: 0, rejected: 0, otherLines: 0 }],
  ]);
  const sum = (of: 'hashed' | 'without' | 'rejected' | 'otherLines'): number =>
    inputs.reduce((total, { counts }) => total + (counts?.[of] ?? 0), 0);
  const { accounting } = intake;
  expect({
    hashed: sum('hashed'),
    without: sum('without'),
    rejected: sum('rejected'),
    otherLines: sum('otherLines'),
  }).toEqual({
    hashed: accounting.hashes + accounting.duplicates,
    without: accounting.withoutHash,
    rejected: accounting.rejected,
    otherLines: accounting.otherLines,
  });
});
