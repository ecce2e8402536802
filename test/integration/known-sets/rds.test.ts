import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, utimesSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DigestSet, HexDigest } from '#shared/domain/hash.ts';
import { productsText } from '#shared/domain/known-sets/set-products.ts';
import { openReadable } from '#main/db/open.ts';
import { createJudge } from '#main/services/triage/judge.ts';
import { openInlineDatabase } from '#main/db/client.ts';
import type { Database } from '#main/db/port.ts';
import { SetProducts } from '#main/intakes/keys/set-products.ts';
import { PackedReader } from '#main/intakes/packed-reader.ts';
import { buildRds } from '#main/services/known-sets/rds/build-rds.ts';
import { createKnownSets } from '#main/services/known-sets/known-sets.ts';
import type { KnownSetResult } from '#main/services/known-sets/port.ts';
import { digestOf, fileRow, makeRds } from '../../db/rds-database.ts';

const NOW = 1_795_305_600;
const child = fileURLToPath(new URL('./rds-child.ts', import.meta.url));
let directory: string;
let database: Database;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'assay-rds-'));
  database = await openInlineDatabase(directory);
});
afterEach(async () => {
  await database.close();
  await rm(directory, { recursive: true, force: true });
});

const sets = (threads: 'inline' | 'workers' = 'inline') =>
  createKnownSets(database, directory, { clock: { now: () => NOW * 1000 }, threads });
const plain = { name: 'NSRL', edition: '', datedAt: null, mark: 'known-good', replace: false } as const;
const run = (source: string, threads?: 'inline' | 'workers'): Promise<KnownSetResult> =>
  sets(threads).import(source, plain, () => undefined, new AbortController().signal);
const files = (): string[] => readdirSync(join(directory, 'known-sets')).sort();

/** What the set says of a digest: how many products, and the names of the first. */
function products(hex: string, kind: 'md5' | 'sha1' | 'sha256', id = 1): string {
  const reader = new PackedReader(join(directory, 'known-sets', `${id}.acol`), 'known-set');
  try {
    const digests = Buffer.from(reader.section(kind, 'bytes')).toString('hex');
    const all: string[] = digests.match(new RegExp(`.{${hex.length}}`, 'g')) ?? [];
    const record = all.indexOf(hex);
    const known = new SetProducts(reader, (section) => reader.damage(section));
    const { count, first } = known.of(kind, record);
    const names = first.map((product) => Object.values(known.name(product)).join('/'));
    return `${record === -1 ? 'absent' : count} ${names.join(', ')}`.trim();
  } finally {
    reader.close();
  }
}

describe('an NSRL RDSv3 database', () => {
  it.each(['inline', 'workers'] as const)(
    'becomes a set that names edition, day and products (%s)',
    async (threads) => {
      const rows = [
        ...Array.from({ length: 300 }, (_, n) => fileRow(n, n % 2 === 0 ? 501 : 502)),
        fileRow(7, 501),
        fileRow(7, 502, 'same file, other name'),
        ...[501, 502, 503, 504].map((id) => fileRow(9, id, 'in all of them')),
        fileRow(1000, 77),
      ];
      const odd = `INSERT INTO FILE VALUES ('','','','','nothing',0,501), ('${'Z'.repeat(64)}','','','','wrong',0,501)`;
      const result = await run(makeRds(join(directory, 'rds.db'), rows, odd), threads);
      expect(result).toMatchObject({ records: 309, withoutHash: 1, rejected: 1, duplicates: 18, furtherDigests: 614 });
      expect(result.firstProblems).toEqual([
        { line: 308, reason: 'it holds no digest', excerpt: '' },
        { line: 309, reason: 'its sha256 is no digest', excerpt: 'Z'.repeat(64) },
      ]);
      expect(result.set).toMatchObject({
        edition: '2026.09.1',
        datedAt: Date.UTC(2026, 8, 15) / 1000,
        digests: { md5: 301, sha1: 301, sha256: 301 },
      });
      for (const kind of ['md5', 'sha1', 'sha256'] as const) {
        expect(products(digestOf(kind, 8), kind)).toBe('1 Writer/2.1/Windows 11/Contoso');
        expect(products(digestOf(kind, 7), kind)).toBe('2 Writer/2.1/Windows 11/Contoso, Reader/9/Debian/Fabrikam');
        expect(products(digestOf(kind, 9), kind)).toMatch(/^4 Writer.*, Reader.*, Player\/0\.3\/Windows 11\/Contoso$/);
        expect(products(digestOf(kind, 1000), kind)).toBe('0');
      }
      expect(files()).toEqual(['1.acol']);
    },
  );

  it('keeps an edition and a day that were asked for', async () => {
    const source = makeRds(join(directory, 'rds.db'), [fileRow(1, 501)]);
    const wanted = { ...plain, edition: 'mine', datedAt: 86_400 };
    const { set } = await sets().import(source, wanted, () => undefined, new AbortController().signal);
    expect(set).toMatchObject({ edition: 'mine', datedAt: 86_400 });
  });

  it('without a digest is refused, and nothing is left', async () => {
    await expect(run(makeRds(join(directory, 'rds.db'), []))).rejects.toThrow(
      'rds.db cannot be a known set: it holds no MD5, SHA-1 or SHA-256 hash. Nothing was imported.',
    );
    expect([files(), await sets().list()]).toEqual([[], []]);
  });

  it.each(['inline', 'workers'] as const)('leaves nothing when cancelled (%s)', async (threads) => {
    const controller = new AbortController();
    controller.abort();
    const source = makeRds(join(directory, 'rds.db'), [fileRow(1, 501)]);
    const cancelled = sets(threads).import(source, plain, () => undefined, controller.signal);
    await expect(cancelled).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(files()).toEqual([]);
  });
});

describe('an import that was killed', () => {
  it('goes on where it was and comes to the same set', async () => {
    const rows = Array.from({ length: 30_000 }, (_, n) => fileRow(n % 29_000, 501 + (n % 4), `${n}`));
    const source = makeRds(join(directory, 'rds.db'), rows);
    const folder = join(directory, 'known-sets');
    mkdirSync(folder);
    const killed = spawn(process.execPath, [child, source, join(folder, '1.acol')], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(killed.stdout, 'data');
    killed.kill('SIGKILL');
    await once(killed, 'exit');
    expect(files()).toEqual([expect.stringMatching(/^work-/)]);
    const [work = ''] = files();
    const seen: number[] = [];
    const build = (target: string, told: number[]) =>
      buildRds(
        { source, target, name: 'NSRL', edition: '', mark: 'known', datedAt: null, importedAt: 5, form: 'nsrl-rdsv3' },
        {
          onProgress: (done, total, _digests, phase) => phase === 'reading' && told.push(done / total),
          isCancelled: () => false,
        },
      );
    const built = await build(join(folder, '1.acol'), seen);
    expect(seen[0]).toBeGreaterThan(0.5);
    expect(existsSync(join(folder, work))).toBe(false);
    const fresh: number[] = [];
    expect(await build(join(folder, '2.acol'), fresh)).toEqual(built);
    expect(fresh[0]).toBeLessThan(0.5);
    expect(built).toMatchObject({ records: 30_000, md5: 29_000, sha256: 29_000, duplicates: 3000 });
    expect(readFileSync(join(folder, '1.acol')).equals(readFileSync(join(folder, '2.acol')))).toBe(true);
  });

  it('is forgotten when nobody comes back to it for a week', async () => {
    const folder = join(directory, 'known-sets');
    for (const [name, age] of [
      ['work-old', 8],
      ['work-new', 2],
    ] as const) {
      mkdirSync(join(folder, name), { recursive: true });
      const at = Date.now() / 1000 - age * 86_400;
      utimesSync(join(folder, name), at, at);
    }
    await sets().list();
    expect(files()).toEqual(['work-new']);
  });
});

describe('a hit', () => {
  it('names set, edition, day, the digest that was found and its products', async () => {
    const rows = [...[501, 502, 503, 504].map((id) => fileRow(9, id)), fileRow(1, 501), fileRow(2, 77)];
    await run(makeRds(join(directory, 'rds.db'), rows));
    const db = openReadable(join(directory, 'assay.db'));
    const context = { db, directory, policy: { thresholds: {}, staleAfter: 1 }, now: NOW };
    const explain = (digests: DigestSet) => createJudge().explain(context, digests, 'single');
    try {
      const { verdict, why, sets: hits } = explain({ md5: digestOf('md5', 9) as HexDigest });
      expect(verdict).toMatchObject({ status: 'non-malicious', rule: 'known-good', flags: ['weak'] });
      expect(why).toContain('NSRL (edition 2026.09.1, dated 2026-09-15)');
      expect(hits).toMatchObject([{ name: 'NSRL', edition: '2026.09.1', mark: 'known-good', matchedBy: 'md5' }]);
      expect(productsText(hits[0]?.products ?? { count: 0, atLeast: false, first: [] })).toBe(
        'Writer 2.1 (Windows 11, Contoso), Reader 9 (Debian, Fabrikam), Player 0.3 (Windows 11, Contoso) and 1 more product',
      );
      const both = explain({
        md5: digestOf('md5', 1) as HexDigest,
        sha256: digestOf('sha256', 1) as HexDigest,
      });
      expect(both.sets).toMatchObject([{ matchedBy: 'sha256', products: { count: 1, first: [{ name: 'Writer' }] } }]);
      expect(explain({ sha1: digestOf('sha1', 2) as HexDigest }).sets).toMatchObject([{ products: { count: 0 } }]);
      expect(explain({ sha1: digestOf('sha1', 3) as HexDigest }).sets).toEqual([]);
    } finally {
      db.close();
    }
  });
});
