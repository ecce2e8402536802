import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { PackedReader } from '#main/intakes/packed-reader.ts';
import { PackedWriter } from '#main/intakes/packed-writer.ts';

const folder = mkdtempSync(join(tmpdir(), 'assay-packed-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let files = 0;
function written(): string {
  files += 1;
  const path = join(folder, `file-${files}.acol`);
  const writer = new PackedWriter(path);
  writer.section('small', 'u8', Uint8Array.of(1, 2, 3));
  writer.begin('numbers', 'u32');
  writer.write(Uint32Array.of(1, 2 ** 32 - 1));
  writer.write(Uint32Array.of(7));
  writer.end();
  writer.section('offsets', 'f64', Float64Array.of(0.5, 2 ** 40));
  writer.section('large', 'bytes', new Uint8Array(3 << 20).fill(9));
  writer.section('empty', 'bytes', new Uint8Array(0));
  writer.section('short', 'u16', Uint16Array.of(65_535));
  writer.finish({ kind: 'known-set', version: 3, meta: { name: 'ä' } });
  return path;
}

function problemOf(run: () => unknown): { readonly code: unknown; readonly message: string } {
  try {
    run();
  } catch (error) {
    return error as { code: unknown; message: string };
  }
  return { code: 'none', message: '' };
}

test('reads back what was written, each section aligned', () => {
  const reader = new PackedReader(written(), 'known-set');
  expect(reader.header.meta).toEqual({ name: 'ä' });
  expect(reader.header.version).toBe(3);
  expect([...reader.section('small', 'u8')]).toEqual([1, 2, 3]);
  expect([...reader.section('numbers', 'u32')]).toEqual([1, 2 ** 32 - 1, 7]);
  expect([...reader.section('offsets', 'f64')]).toEqual([0.5, 2 ** 40]);
  expect([...reader.section('short', 'u16')]).toEqual([65_535]);
  expect(reader.section('empty', 'bytes').length).toBe(0);
  expect([...reader.readBytes('numbers', 4, 4)]).toEqual([255, 255, 255, 255]);
  expect(reader.bytesIn('large')).toBe(3 << 20);
  expect(reader.has('other')).toBe(false);
  expect(reader.header.sections.every((section) => section.offset % 64 === 0)).toBe(true);
  reader.verify();
  reader.close();
});

test('nothing has the final name before the end, nothing is left after giving up', () => {
  const path = join(folder, 'given-up.acol');
  const writer = new PackedWriter(path);
  writer.section('a', 'u8', Uint8Array.of(1));
  expect(readdirSync(folder).includes('given-up.acol')).toBe(false);
  writer.abort();
  expect(readdirSync(folder).filter((name) => name.startsWith('given-up'))).toEqual([]);
});

test('the file is for its owner only', () => {
  expect(statSync(written()).mode & 0o077).toBe(process.platform === 'win32' ? 0o066 : 0);
});

test('every damaged byte of a section is noticed and named', () => {
  const path = written();
  const reader = new PackedReader(path);
  const section = reader.header.sections.find((candidate) => candidate.name === 'numbers');
  reader.close();
  const bytes = readFileSync(path);
  bytes[(section?.offset ?? 0) + 5] = 1;
  writeFileSync(path, bytes);
  const damagedReader = new PackedReader(path);
  for (const look of [() => damagedReader.section('numbers', 'u32'), () => damagedReader.verify()]) {
    const problem = problemOf(look);
    expect(problem.code).toBe('DB_DAMAGED');
    expect(problem.message).toContain('numbers');
    expect(problem.message).toContain(path);
  }
  expect([...damagedReader.section('small', 'u8')]).toEqual([1, 2, 3]);
  damagedReader.close();
});

test.each([
  ['another start', (path: string) => patch(path, 0, 'X'), 'DB_DAMAGED', 'start'],
  ['a header byte', (path: string) => patch(path, 70, 'X'), 'DB_DAMAGED', 'header'],
  ['a newer layout', (path: string) => patch(path, 8, '\u0009'), 'DB_FROM_FUTURE', 'newer'],
  ['a cut end', (path: string) => truncateSync(path, statSync(path).size - 3), 'DB_DAMAGED', 'end'],
  ['almost nothing', (path: string) => truncateSync(path, 12), 'DB_DAMAGED', 'short'],
  ['no file', (path: string) => rmSync(path), 'UNREADABLE', 'opened'],
])('refuses to open a file with %s', (_name, harm, code, word) => {
  const path = written();
  harm(path);
  const problem = problemOf(() => new PackedReader(path));
  expect(problem.code).toBe(code);
  expect(problem.message).toContain(word);
});

test('a file of another kind, another type or a missing section is refused', () => {
  const path = written();
  expect(problemOf(() => new PackedReader(path, 'intake')).code).toBe('DB_DAMAGED');
  const reader = new PackedReader(path);
  expect(problemOf(() => reader.section('numbers', 'u8')).message).toContain('u32');
  expect(problemOf(() => reader.section('nothing', 'u8')).message).toContain('missing');
  expect(() => reader.readBytes('numbers', 8, 8)).toThrow(RangeError);
  reader.close();
});

function patch(path: string, at: number, text: string): void {
  const bytes = readFileSync(path);
  bytes.write(text, at, 'latin1');
  writeFileSync(path, bytes);
}

test('two threads that write one file at once leave one whole file, the last', () => {
  const path = join(folder, 'twice.acol');
  const [first, second] = [new PackedWriter(path), new PackedWriter(path)];
  first.section('small', 'u8', Uint8Array.of(1, 1, 1));
  second.section('small', 'u8', Uint8Array.of(2));
  first.finish({ kind: 'known-set', version: 3, meta: {} });
  second.finish({ kind: 'known-set', version: 3, meta: {} });
  const reader = new PackedReader(path, 'known-set');
  expect([...reader.section('small', 'u8')]).toEqual([2]);
  reader.close();
  expect(readdirSync(folder).filter((name) => name.startsWith('twice'))).toEqual(['twice.acol']);
});
