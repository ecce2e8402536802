import { createHash } from 'node:crypto';
import { closeSync, copyFileSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { KeyIndex } from '#main/intakes/keys/key-index.ts';
import { writeKeyIndex } from '#main/intakes/keys/write-key-index.ts';
import { PackedReader } from '#main/intakes/packed-reader.ts';
import { PackedWriter } from '#main/intakes/packed-writer.ts';
import { joinSorted, queriesOf, Stopped, type SortedQueries } from '#main/services/triage/bulk/join.ts';
import { JoinThread } from '#main/services/triage/bulk/shared-join/join-thread.ts';
import { DamagedSection } from '#main/services/triage/bulk/sorted-section.ts';

const KEYS = 70_000;
const WIDTH = 32;
const never = (): boolean => false;
const key = (number: number): Buffer => createHash('sha256').update(`${number}`).digest();
const ascending = (numbers: readonly number[]): Buffer =>
  Buffer.concat(numbers.map(key).toSorted((a, b) => Buffer.compare(a, b)));

let folder: string;
let set: string;
/** Half of them are there, and every tenth is asked for twice. */
let wanted: SortedQueries;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'assay-join-thread-'));
  set = join(folder, 'set.acol');
  const writer = new PackedWriter(set);
  writer.section('sha256', 'bytes', ascending(Array.from({ length: KEYS }, (_, number) => number)));
  writeKeyIndex(writer, 'sha256', WIDTH, KEYS);
  writer.finish({ kind: 'known-set', version: 1, meta: {} });
  const numbers = Array.from({ length: 2 * KEYS }, (_, number) => number);
  wanted = queriesOf(ascending([...numbers, ...numbers.filter((number) => number % 10 === 0)]), WIDTH);
});
afterAll(() => rmSync(folder, { recursive: true }));

let thread: JoinThread;

function inIndex<T>(path: string, work: (index: KeyIndex) => T): T {
  const reader = new PackedReader(path, 'known-set');
  try {
    return work(new KeyIndex(reader, 'sha256', WIDTH, (section) => new DamagedSection(path, section)));
  } finally {
    reader.close();
  }
}

function joined(index: KeyIndex, help: JoinThread | null): string[] {
  const pairs: string[] = [];
  joinSorted(wanted, index, (query, record) => pairs.push(`${query} ${record}`), never, help);
  return pairs;
}

// With one processor there is no second thread.
describe.skipIf(availableParallelism() < 2)('a second thread for looking up', () => {
  beforeEach(() => {
    const started = JoinThread.start();
    if (started === null) {
      throw new Error('no thread was started');
    }
    thread = started;
  });
  afterEach(() => thread.close());

  it('takes part, and what is told stays the same, in the same order', () => {
    inIndex(set, (index) => {
      const alone = joined(index, null);
      expect(alone).toHaveLength(KEYS + KEYS / 10);
      const deadline = Date.now() + 30_000;
      do {
        expect(joined(index, thread)).toEqual(alone);
      } while (thread.helped === 0 && Date.now() < deadline);
      expect(thread.helped).toBeGreaterThan(0);
    });
  });

  it('is not needed: without it nothing is missing', () => {
    inIndex(set, (index) => {
      const alone = joined(index, null);
      thread.close();
      expect(joined(index, thread)).toEqual(alone);
    });
  });

  it('does not look into another file that took the place of the one asked for', () => {
    const path = join(folder, 'replaced.acol');
    copyFileSync(set, path);
    inIndex(path, (index) => {
      rmSync(path);
      const writer = new PackedWriter(path);
      writer.section('sha256', 'bytes', ascending(Array.from({ length: KEYS }, (_, number) => number + 5 * KEYS)));
      writeKeyIndex(writer, 'sha256', WIDTH, KEYS);
      writer.finish({ kind: 'known-set', version: 1, meta: {} });
      for (let turn = 0; turn < 5; turn += 1) {
        expect(joined(index, thread)).toHaveLength(KEYS + KEYS / 10);
      }
      expect(thread.helped).toBe(0);
    });
  });

  it.each(['sha256', 'sha256.marks', 'sha256.steps'])('never hides that %s is damaged', (section) => {
    const path = join(folder, `${section}.acol`);
    copyFileSync(set, path);
    inIndex(path, (index) => {
      const reader = new PackedReader(path);
      const part = reader.header.sections.find(({ name }) => name === section);
      reader.close();
      const file = openSync(path, 'r+');
      writeSync(file, Buffer.alloc(40, 0x5a), 0, 40, (part?.offset ?? 0) + Math.floor((part?.bytes ?? 0) / 2));
      closeSync(file);
      for (let turn = 0; turn < 5; turn += 1) {
        expect(() => joined(index, thread)).toThrow(DamagedSection);
      }
    });
  });

  it('stops when asked to', () => {
    inIndex(set, (index) => {
      let looks = 0;
      const soon = (): boolean => {
        looks += 1;
        return looks > 2;
      };
      expect(() => joinSorted(wanted, index, () => undefined, soon, thread)).toThrow(Stopped);
    });
  });
});
