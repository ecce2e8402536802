import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { DIGEST_KINDS } from '#shared/domain/hash.ts';
import { matchDigests } from '#main/services/annotations/match-digests.ts';
import { recordArbitrary } from '../intakes/record-model.ts';
import { openRecords } from '../intakes/open-records.ts';

const folder = mkdtempSync(join(tmpdir(), 'assay-match-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('finds every entry that holds a digest, looked up one by one and in one pass', () => {
  fc.assert(
    fc.property(
      fc.array(recordArbitrary, { maxLength: 40 }),
      fc.array(fc.nat(400), { maxLength: 12 }),
      (records, picks) => {
        const file = openRecords(folder, records);
        const all = Array.from({ length: file.entries }, (_, entry) => file.digestsOf(entry));
        const known = all.flatMap((set) =>
          DIGEST_KINDS.flatMap((kind) => (set[kind] === undefined ? [] : [set[kind]])),
        );
        const wanted = [
          ...new Set([...picks.flatMap((pick) => known[pick % Math.max(1, known.length)] ?? []), 'ab'.repeat(20)]),
        ];
        const pairs = wanted.map((hex, number): [Uint8Array, number] => [Buffer.from(hex, 'hex'), number]);
        const expected = wanted
          .flatMap((hex, number) =>
            all.flatMap((set, entry) => (Object.values(set).includes(hex as never) ? [[number, entry]] : [])),
          )
          .sort(byBoth);
        const found = (count: number): unknown =>
          matchDigests(file, pairs, count)
            .map((pair) => [...pair])
            .sort(byBoth);
        expect(found(0)).toEqual(file.entries === 0 ? [] : expected);
        expect(found(Number.MAX_SAFE_INTEGER)).toEqual(expected);
        file.close();
      },
    ),
    { numRuns: 100 },
  );
});

function byBoth(a: readonly number[], b: readonly number[]): number {
  return (a[0] ?? 0) - (b[0] ?? 0) || (a[1] ?? 0) - (b[1] ?? 0);
}
