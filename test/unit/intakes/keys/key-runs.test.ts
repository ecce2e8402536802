import { createHash } from 'node:crypto';
import { existsSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { KeyRuns } from '#main/intakes/keys/key-runs.ts';
import { refAt, sortRecords, type RecordLayout } from '#main/intakes/keys/sort-records.ts';

/** Four words, then a count and a sum for each first byte. */
const HEADER = 4 * (4 + 256 + 256);
const LAYOUT: RecordLayout = { key: 20, stride: 24 };
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assay-runs-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const key = (seed: number): Buffer => createHash('sha1').update(`k${seed}`).digest();

/** All records as they come out, sorted, as "hex ref". */
function outcome(runs: KeyRuns): string[] {
  const seen: string[] = [];
  const { key: width, stride } = runs.layout;
  for (const { data, count, depth } of runs.partitions()) {
    for (const record of sortRecords(data, count, runs.layout, depth)) {
      const at = record * stride;
      const ref = stride > width ? refAt(data, at, runs.layout) : 0;
      seen.push(`${Buffer.from(data.subarray(at, at + width)).toString('hex')} ${ref}`);
    }
  }
  return seen;
}

const expected = (records: readonly (readonly [Uint8Array, number])[]): string[] =>
  records
    .map(([bytes, ref]) => ({ hex: Buffer.from(bytes).toString('hex'), ref }))
    .sort((a, b) => (a.hex < b.hex ? -1 : a.hex > b.hex ? 1 : a.ref - b.ref))
    .map(({ hex, ref }) => `${hex} ${ref}`);

describe('runs of keys', () => {
  it.each([0, 7, 500])('come out in order, doubles kept, flushed every %s records', (every) => {
    const runs = new KeyRuns(join(folder, 'runs'), LAYOUT);
    const records = Array.from({ length: 4000 }, (_, n): [Buffer, number] => [key(n % 1500), (n * 7919) % 70_000]);
    records.forEach(([bytes, ref], n) => {
      if (n % 2 === 0) {
        runs.append(Buffer.concat([Buffer.from('x'), bytes]), 1, ref);
      } else {
        runs.appendWords(new Uint32Array(new Uint8Array([0, 0, 0, 0, ...bytes]).buffer), 1, ref);
      }
      if (every > 0 && n % every === 0) {
        runs.flush();
      }
    });
    expect(runs.count).toBe(4000);
    expect(existsSync(join(folder, 'runs'))).toBe(every > 0);
    expect(outcome(runs)).toEqual(expected(records));
    runs.discard();
    expect(existsSync(join(folder, 'runs'))).toBe(false);
  });

  it('parts crowded keys again and again, down to one key in many copies', () => {
    const runs = new KeyRuns(join(folder, 'runs'), LAYOUT, { mostBytes: 2400 });
    const near = (n: number): Buffer => Buffer.concat([Buffer.alloc(18, 0xab), Buffer.from([n >> 8, n & 255])]);
    const records: [Buffer, number][] = [];
    for (let n = 0; n < 3000; n += 1) {
      records.push([near(n % 700), n % 3], [key(n), 1]);
    }
    for (const [at, [bytes, ref]] of records.entries()) {
      runs.append(bytes, 0, ref);
      if (at % 999 === 0) {
        runs.flush();
      }
    }
    const copies = Array.from({ length: 900 }, (_, n): [Buffer, number] => [Buffer.alloc(20, 0xff), n % 2]);
    copies.forEach(([bytes, ref]) => runs.append(bytes, 0, ref));
    const distinct = (list: readonly string[]): string[] => [...new Set(list)];
    expect(distinct(outcome(runs))).toEqual(distinct(expected([...records, ...copies])));
  });

  it('go on from a place they were flushed at, without what came after it', () => {
    const path = join(folder, 'runs');
    const first = new KeyRuns(path, { key: 16, stride: 16 });
    for (let n = 0; n < 100; n += 1) {
      first.append(key(n), 0, 0);
    }
    first.flush();
    const { length } = first;
    first.append(key(777), 0, 0);
    first.flush();
    first.close();
    const second = KeyRuns.resume(path, { key: 16, stride: 16 }, length);
    second.append(key(500), 0, 0);
    expect(second.count).toBe(101);
    const wanted = [...Array.from({ length: 100 }, (_, n) => key(n)), key(500)];
    expect(outcome(second)).toEqual(expected(wanted.map((bytes) => [bytes.subarray(0, 16), 0])));
    second.close();
    truncateSync(path, length - 1);
    expect(() => KeyRuns.resume(path, { key: 16, stride: 16 }, length)).toThrow(/is not whole/);
  });

  it.each([
    ['a record', HEADER + 5, 'partitions'],
    ['a reference', HEADER + 18, 'partitions'],
    ['a sum', 4 * (4 + 256) + 1, 'resume'],
    ['a count', 16, 'resume'],
    ['the number of records', 4, 'resume'],
  ] as const)('is not taken for whole where %s is another one', (_what, at, when) => {
    const path = join(folder, 'damaged');
    const runs = new KeyRuns(path, { key: 16, stride: 20 });
    for (let n = 0; n < 300; n += 1) {
      runs.append(key(n), 0, n);
    }
    runs.flush();
    const { length } = runs;
    runs.close();
    const bytes = readFileSync(path);
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    writeFileSync(path, bytes);
    let reached = 'resume';
    const read = (): number => {
      const again = KeyRuns.resume(path, { key: 16, stride: 20 }, length);
      reached = 'partitions';
      try {
        return [...again.partitions()].length;
      } finally {
        again.close();
      }
    };
    expect(read).toThrow('is not whole');
    expect(reached).toBe(when);
  });
});
