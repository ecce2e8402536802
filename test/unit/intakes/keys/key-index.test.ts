import { createHash } from 'node:crypto';
import { closeSync, copyFileSync, openSync, writeSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { distinctKeys } from '#main/intakes/keys/distinct-keys.ts';
import { KeyIndex } from '#main/intakes/keys/key-index.ts';
import { KeyRuns } from '#main/intakes/keys/key-runs.ts';
import { SideFile } from '#main/intakes/keys/side-file.ts';
import { writeKeys } from '#main/intakes/keys/write-keys.ts';
import { PackedReader } from '#main/intakes/packed-reader.ts';
import { PackedWriter } from '#main/intakes/packed-writer.ts';
import { queriesOf } from '#main/services/triage/bulk/join.ts';

const KEYS = 70_000;
const WIDTH = 20;
let folder: string;
let path: string;
let everyKey: Buffer;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assay-index-'));
  path = join(folder, 'set.acol');
  write(path, (n) => key(n));
  everyKey = sorted(Array.from({ length: KEYS }, (_, n) => key(n)));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const key = (seed: number): Buffer => createHash('sha1').update(`k${seed}`).digest();
const never = (): boolean => false;
const stop = (): Error => new Error('stopped');
const damage = (section: string): never => {
  throw new Error(`damaged ${section}`);
};

/** Every key twice, with references 1 and 2, or 3 alone for every tenth. */
function write(target: string, of: (n: number) => Buffer): number {
  const runs = new KeyRuns(`${target}.runs`, { key: WIDTH, stride: WIDTH + 4 });
  for (let n = 0; n < KEYS; n += 1) {
    const bytes = of(n);
    runs.append(bytes, 0, n % 10 === 0 ? 3 : 2);
    if (n % 10 !== 0) {
      runs.append(bytes, 0, 1);
    }
    if (n % 30_000 === 0) {
      runs.flush();
    }
  }
  const writer = new PackedWriter(target);
  const blocks = distinctKeys(
    runs,
    (refs) => refs.reduce((sum, ref) => sum * 10 + ref, 0),
    () => undefined,
  );
  const count = writeKeys(writer, 'sha1', WIDTH, blocks, new SideFile(`${target}.refs`));
  writer.finish({ kind: 'known-set', version: 1, meta: {} });
  runs.discard();
  return count;
}

function open<T>(target: string, work: (index: KeyIndex, reader: PackedReader) => T): T {
  const reader = new PackedReader(target);
  try {
    return work(new KeyIndex(reader, 'sha1', WIDTH, damage), reader);
  } finally {
    reader.close();
  }
}

const sorted = (keys: readonly Buffer[]): Buffer => Buffer.concat([...keys].sort((a, b) => Buffer.compare(a, b)));

describe('an index over keys', () => {
  it('is written over all distinct keys, with what they refer to', () => {
    open(path, (index, reader) => {
      reader.verify();
      expect([index.count, KeyIndex.covers(reader, 'sha1')]).toEqual([KEYS, true]);
      const all = Buffer.from(reader.section('sha1', 'bytes'));
      expect(all.equals(everyKey)).toBe(true);
      const refs = reader.section('sha1.refs', 'u32');
      for (const n of [0, 1, 5, 50_010, 69_999]) {
        expect(refs[index.find(key(n))]).toBe(n % 10 === 0 ? 3 : 12);
      }
    });
  });

  it('finds what is there and nothing else, asked in order or not', () => {
    open(path, (index, reader) => {
      const all = Buffer.from(reader.section('sha1', 'bytes'));
      for (let n = 0; n < 3000; n += 1) {
        const record = index.find(key((n * 7919) % KEYS));
        expect(all.subarray(record * WIDTH, (record + 1) * WIDTH).equals(key((n * 7919) % KEYS))).toBe(true);
        expect(index.find(key(KEYS + n))).toBe(-1);
      }
      for (const spread of [1, 37, 5000]) {
        const keys = Array.from({ length: 30_000 / spread + 5 }, (_, n) => key((n * spread) % (2 * KEYS)));
        const wanted = queriesOf(sorted([...keys, ...keys.slice(0, 3)]), WIDTH);
        const hits = new Set<number>();
        index.join(
          wanted,
          (query, record) => {
            hits.add(query);
            const found = all.subarray(record * WIDTH, (record + 1) * WIDTH);
            expect(found.equals(wanted.bytes.subarray(query * WIDTH, (query + 1) * WIDTH))).toBe(true);
          },
          never,
          stop,
        );
        const present = new Set(
          keys
            .slice(0)
            .filter((_, n) => (n * spread) % (2 * KEYS) < KEYS)
            .map(String),
        );
        const expected = Array.from({ length: wanted.count }, (_, query) => query).filter((query) =>
          present.has(String(Buffer.from(wanted.bytes.subarray(query * WIDTH, (query + 1) * WIDTH)))),
        );
        expect([...hits]).toEqual(expected);
      }
    });
  });

  it('stops when asked to', () => {
    open(path, (index) => {
      const wanted = queriesOf(sorted([key(1), key(2)]), WIDTH);
      expect(() =>
        index.join(
          wanted,
          () => undefined,
          () => true,
          stop,
        ),
      ).toThrow('stopped');
    });
  });

  it('has no steps where keys crowd together', () => {
    const crowded = join(folder, 'crowded.acol');
    const near = (n: number): Buffer => Buffer.concat([Buffer.alloc(12, 0xab), key(n).subarray(0, 8)]);
    expect(write(crowded, near)).toBe(KEYS);
    open(crowded, (_index, reader) => {
      reader.verify();
      expect(KeyIndex.covers(reader, 'sha1')).toBe(false);
    });
  });

  it.each(['sha1', 'sha1.steps', 'sha1.marks', 'sha1.sums', 'sha1.starts'])('says so when %s is damaged', (section) => {
    const broken = join(folder, `${section}.acol`);
    copyFileSync(path, broken);
    const absent = altered(broken);
    const [part] = open(broken, (_index, reader) => reader.header.sections.filter(({ name }) => name === section));
    const file = openSync(broken, 'r+');
    writeSync(file, Buffer.alloc(40, 0x5a), 0, 40, (part?.offset ?? 0) + Math.floor((part?.bytes ?? 0) / 2));
    closeSync(file);
    const all = queriesOf(everyKey, WIDTH);
    const ask = (index: KeyIndex): void => {
      index.join(all, () => undefined, never, stop);
      // Checksums of keys are needed once a key differs from what its mark promised.
      index.find(absent);
    };
    expect(() => open(broken, ask)).toThrow(/damaged/);
  });
});

/** A key that is not there and has step and mark of one that is. */
function altered(target: string): Buffer {
  return open(target, (_index, reader) => {
    const one = Buffer.from(reader.readBytes('sha1', 500 * WIDTH, WIDTH));
    one[19] = (one[19] as number) ^ 1;
    return one;
  });
}
