import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { writeStix } from '#main/destinations/report/stix/write-stix.ts';
import { readAll } from '../../../formats/collect.ts';
import { collected, reportContent } from '../content.ts';
import { COLUMNS, hostileRows, readBack } from '../hostile.ts';
import { stixBundle } from './specification.ts';

const NAME = 0;
const NOTE = 8;

test('a bundle read again gives the digests, names and notes of its rows, and nothing else', async () => {
  await fc.assert(
    fc.asyncProperty(hostileRows, async (rows) => {
      const troubles = rows.map(({ line }) => ({
        file: 'a',
        line,
        column: null,
        kind: 'rejected' as const,
        reason: 'x',
        excerpt: rows[0]?.digests.sha256 ?? '',
      }));
      const bytes = await collected(writeStix(reportContent({ head: { columns: COLUMNS }, rows, troubles, batch: 2 })));
      stixBundle.parse(JSON.parse(bytes.toString()));
      const found = readAll(bytes, { format: 'stix' });
      expect(found.counted).toBe(found.reported);
      expect([...found.rejected, ...found.faults]).toEqual([]);
      const files = found.hashes.filter(({ carried }) => carried[7]?.startsWith('file--') === true);
      expect(files.map(({ digests, carried }) => [digests, carried[NAME], carried[NOTE]])).toEqual(
        rows.flatMap(readBack).map(([digests, name, note]) => [digests, name, inGroups(note)]),
      );
      const known = new Set(rows.flatMap(({ digests }) => Object.values(digests)));
      expect(found.hashes.flatMap(({ digests }) => digests).filter((hex) => !known.has(hex))).toEqual([]);
    }),
    { numRuns: 150 },
  );
});

/** A note is read again for what it says; what looks like a hash in it comes in groups, and is nobody's digest. */
function inGroups(note: string): string {
  return note.replaceAll(/[0-9a-f]{32,}/gi, (digits) => digits.replaceAll(/.{8}(?=.)/g, '$& '));
}
