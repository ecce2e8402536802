import { createHash } from 'node:crypto';
import { closeSync, openSync, readdirSync, writeFileSync, writeSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DigestKind, DigestSet, HexDigest } from '#shared/domain/hash.ts';
import { openInlineDatabase } from '#main/db/client.ts';
import { openReadable } from '#main/db/open.ts';
import type { Database } from '#main/db/port.ts';
import { createKnownSets } from '#main/services/known-sets/known-sets.ts';
import type { KnownSetImport, KnownSetResult } from '#main/services/known-sets/port.ts';
import { createJudge } from '#main/services/triage/judge.ts';
import { setsHolding } from '#main/services/triage/sets-holding.ts';
import { digestOfHex } from '#main/services/triage/digest-keys.ts';
import { openKnownSets } from '#main/services/triage/set-lookup.ts';
import { filterOf } from './bloom-file.ts';

const NOW = 1_795_305_600;
let directory: string;
let database: Database;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'assay-bloom-'));
  database = await openInlineDatabase(directory);
});
afterEach(async () => {
  await database.close();
  await rm(directory, { recursive: true, force: true });
});

const sha1 = (seed: number): string => createHash('sha1').update(`b${seed}`).digest('hex');

const plain = { name: 'hashlookup', edition: '2026-10', datedAt: null, mark: 'known', replace: false } as const;
function run(
  bytes: Uint8Array,
  wanted: Partial<KnownSetImport> = {},
  threads: 'inline' | 'workers' = 'inline',
): Promise<KnownSetResult> {
  const path = join(directory, 'filter.bloom');
  writeFileSync(path, bytes);
  const sets = createKnownSets(database, directory, { clock: { now: () => NOW * 1000 }, threads });
  return sets.import(path, { ...plain, ...wanted }, () => undefined, new AbortController().signal);
}

function explained(kind: DigestKind, hex: string) {
  const [found] = allExplained(kind, [hex]);
  if (found === undefined) {
    throw new TypeError('nothing was explained');
  }
  return found;
}

function allExplained(kind: DigestKind, hexes: readonly string[]) {
  const db = openReadable(join(directory, 'assay.db'));
  try {
    const context = { db, directory, policy: { thresholds: {}, staleAfter: 1 }, now: NOW };
    return hexes.map((hex) => {
      const digests: DigestSet = { [kind]: hex as HexDigest };
      return createJudge().explain(context, digests, 'single');
    });
  } finally {
    db.close();
  }
}

const members = Array.from({ length: 1000 }, (_, n) => sha1(n));
const filter = filterOf(
  members.map((hex) => hex.toUpperCase()),
  1000,
  0.01,
);

describe('a Bloom filter', () => {
  it.each(['inline', 'workers'] as const)(
    'calls possible what it may hold, and says how often it is wrong (%s)',
    async (threads) => {
      const { set } = await run(filter, {}, threads);
      expect(set).toMatchObject({
        digests: { md5: 0, sha1: 0, sha256: 0 },
        possible: { digest: 'sha1', keys: 1000, errorRate: expect.closeTo(0.02, 2) as number },
      });
      const rates = allExplained('sha1', members).map(({ sets }) => sets[0]?.errorRate);
      expect(new Set(rates)).toEqual(new Set([set.possible?.errorRate]));
      const absent = Array.from({ length: 1000 }, (_, n) => sha1(10_000 + n));
      const wrong = allExplained('sha1', absent).filter(({ sets }) => sets.length > 0).length / absent.length;
      expect(wrong).toBeGreaterThan(0.005);
      expect(wrong).toBeLessThan(0.04);
    },
  );

  it('decides nothing, and saves no call', async () => {
    await run(filter);
    const { verdict, why, sets, problems } = explained('sha1', sha1(1));
    expect(verdict).toMatchObject({ status: 'unknown', rule: 'never-asked' });
    expect(why).not.toContain('hashlookup');
    expect(sets).toMatchObject([{ name: 'hashlookup', edition: '2026-10', mark: 'known', matchedBy: 'sha1' }]);
    expect(problems).toEqual([]);
    const db = openReadable(join(directory, 'assay.db'));
    const open = openKnownSets(db, directory);
    const digest = digestOfHex('sha1', sha1(1));
    expect([open.holding(digest), setsHolding(open, [digest]).size]).toEqual([[], 0]);
    open.close();
    db.close();
  });

  it('is asked about digests of its own kind alone', async () => {
    const md5 = createHash('md5').update('x').digest('hex');
    await run(filterOf([md5], 10, 0.001), { digest: 'md5' });
    expect(explained('md5', md5).sets).toMatchObject([{ matchedBy: 'md5' }]);
    expect(explained('sha1', sha1(1)).sets).toEqual([]);
  });

  it('that is damaged later is named', async () => {
    const { set } = await run(filter);
    const path = join(directory, 'known-sets', `${set.id}.acol`);
    const file = openSync(path, 'r+');
    writeSync(file, Buffer.alloc(64, 0xff), 0, 64, 64 * 1024 + 64);
    closeSync(file);
    const { sets, problems } = explained('sha1', sha1(1));
    expect([sets, problems]).toEqual([[], [expect.stringMatching(/hashlookup was left out: .*damaged/)]]);
  });

  it.each([
    ['is marked good', filter, { mark: 'known-good' }, /cannot be marked known-good/],
    ['is cut off', filter.subarray(0, 900), { form: 'bloom' }, /it is no Bloom filter .* or it is cut off/],
    [
      'is of another version',
      Buffer.concat([Buffer.from([2]), filter.subarray(1)]),
      { form: 'bloom' },
      /it is no Bloom filter/,
    ],
    ['is something else', Buffer.from('nothing of the kind'), { form: 'bloom' }, /it is no Bloom filter/],
  ] as const)('that %s is refused', async (_what, bytes, wanted, reason) => {
    await expect(run(bytes, wanted)).rejects.toThrow(reason);
    expect(readdirSync(join(directory, 'known-sets'))).toEqual([]);
  });
});
