import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatTools } from '#main/services/intake/reading/format-tools.ts';
import { readIntake, type ReadIntake } from '#main/services/intake/reading/pipeline.ts';
import { temporaryFolder } from './intake-bench.ts';

const hex = (kind: string, text: string): string => createHash(kind).update(text).digest('hex');

/** Lines of many kinds: digests, comments, checksum lines, cut digests, quotes, odd characters, very long lines. */
const lineArbitrary: fc.Arbitrary<string> = fc.oneof(
  fc.nat(30).map((n) => hex('sha256', `${n}`)),
  fc.nat(30).map((n) => `${hex('md5', `${n}`)}  name ${n}`),
  fc.nat(30).map((n) => `"${n}",${hex('sha1', `${n}`)},"a ""b"" é"`),
  fc.nat(63).map((n) => hex('sha256', 'cut').slice(0, n)),
  fc.constantFrom('', '# comment', 'MD5 (a b) = ', '%%%% HASHDEEP-1.0', '"', '\u0000', '\r', 'ab'.repeat(300)),
  fc.string({ unit: 'binary', maxLength: 20 }),
);

let files = 0;
async function readCut(
  bytes: Uint8Array,
  cuts: readonly number[],
  folder: string,
): Promise<ReadIntake & { file: Buffer }> {
  async function* chunks(): AsyncGenerator<Uint8Array> {
    let from = 0;
    for (const cut of [...cuts.map((each) => each % (bytes.length + 1)).sort((a, b) => a - b), bytes.length]) {
      yield bytes.slice(from, cut);
      from = cut;
    }
  }
  files += 1;
  const path = join(folder, `${files}.acol`);
  const read = await readIntake(
    path,
    [{ kind: 'stream', name: 'input', chunks: chunks() }],
    { as: 'auto' },
    formatTools,
    { onProgress: () => undefined, onSorting: () => undefined, isCancelled: () => false },
  );
  return { ...read, file: readFileSync(path) };
}

test('wherever the input is cut, the same file results, with every record accounted for', async () => {
  const folder = temporaryFolder();
  await fc.assert(
    fc.asyncProperty(
      fc.array(lineArbitrary, { maxLength: 40 }),
      fc.constantFrom('\n', '\r\n'),
      fc.boolean(),
      fc.array(fc.nat(), { maxLength: 12 }),
      async (lines, end, isPacked, cuts) => {
        const text = Buffer.from(lines.join(end));
        const bytes = isPacked ? gzipSync(text) : text;
        const whole = await readCut(bytes, [], folder);
        const cut = await readCut(bytes, cuts, folder);
        expect(cut.file.equals(whole.file)).toBe(true);
        const { records, hashes, duplicates, withoutHash, rejected, balanced } = cut.accounting;
        expect([balanced, hashes + duplicates + withoutHash + rejected]).toEqual([true, records]);
        expect(whole.sha256).toBe(createHash('sha256').update(bytes).digest('hex'));
      },
    ),
    { numRuns: 60 },
  );
});

test('arbitrary bytes never end the reading', async () => {
  const folder = temporaryFolder();
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 600 }), fc.array(fc.nat(), { maxLength: 4 }), async (bytes, cuts) => {
      const read = await readCut(bytes, cuts, folder);
      expect([read.state, read.accounting.balanced]).toEqual(['ready', true]);
    }),
    { numRuns: 100 },
  );
});

test('a damaged gzip file has the digest of all its bytes, wherever it is cut', async () => {
  const packed = gzipSync(Buffer.from(`${hex('sha256', 'a')}\n`.repeat(400)));
  packed[Math.floor(packed.length / 2)] = 0xff ^ (packed[Math.floor(packed.length / 2)] ?? 0);
  const bytes = Buffer.concat([packed, Buffer.alloc(40_000, 'what follows')]);
  const folder = temporaryFolder();
  const whole = await readCut(bytes, [], folder);
  const cut = await readCut(bytes, [5, 40, 90, 20_000], folder);
  expect(whole.fault).toContain('gzip');
  expect([whole.sha256, cut.sha256]).toEqual(Array(2).fill(createHash('sha256').update(bytes).digest('hex')));
  expect(cut.file.equals(whole.file)).toBe(true);
});
