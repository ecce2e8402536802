import { createHash } from 'node:crypto';
import { existsSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CHANGE } from '#main/db/change-kinds.ts';
import { openInlineDatabase } from '#main/db/client.ts';
import type { Database } from '#main/db/port.ts';
import { PackedReader } from '#main/intakes/packed-reader.ts';
import { createKnownSets } from '#main/services/known-sets/known-sets.ts';
import type { KnownSetImport, KnownSetResult, KnownSetsService } from '#main/services/known-sets/port.ts';

const NOW = 1_795_305_600;
let directory: string;
let database: Database;
let sets: KnownSetsService;

const service = (threads: 'workers' | 'inline' = 'inline'): KnownSetsService =>
  createKnownSets(database, directory, { clock: { now: () => NOW * 1000 }, threads });

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'assay-sets-'));
  database = await openInlineDatabase(directory);
  sets = service();
});
afterEach(async () => {
  await database.close();
  await rm(directory, { recursive: true, force: true });
});

const plain: KnownSetImport = { name: 'Gold image', edition: '1', datedAt: null, mark: 'known-good', replace: false };
const digest = (kind: 'md5' | 'sha1' | 'sha256', seed: number): string =>
  createHash(kind).update(`set ${seed}`).digest('hex');
const lines = (kind: 'md5' | 'sha1' | 'sha256', from: number, to: number): string =>
  Array.from({ length: to - from }, (_, n) => `${digest(kind, from + n)}\n`).join('');

function keep(content: string | Uint8Array, name = 'list.txt'): string {
  const path = join(directory, name);
  writeFileSync(path, content);
  return path;
}

const run = (content: string | Uint8Array, set: Partial<KnownSetImport> = {}, by = sets): Promise<KnownSetResult> =>
  by.import(keep(content), { ...plain, ...set }, () => undefined, new AbortController().signal);

const files = (): string[] => readdirSync(join(directory, 'known-sets')).sort();

function content(id: number): Record<string, string[]> {
  const reader = new PackedReader(join(directory, 'known-sets', `${id}.acol`), 'known-set');
  try {
    reader.verify();
    return Object.fromEntries(
      (['md5', 'sha1', 'sha256'] as const).map((kind) => {
        const hex = Buffer.from(reader.section(kind, 'bytes')).toString('hex');
        return [kind, hex.match(new RegExp(`.{${digest(kind, 0).length}}`, 'g')) ?? []];
      }),
    );
  } finally {
    reader.close();
  }
}

describe('importing a known set', () => {
  it('keeps sorted distinct digests of each kind and accounts for every record', async () => {
    const text = `# gold image\n${lines('sha256', 0, 50)}${lines('sha256', 40, 60)}${lines('md5', 0, 3)}no hash here\n`;
    const result = await run(text, { datedAt: NOW - 86_400 });
    expect(result).toMatchObject({ records: 74, furtherDigests: 0, duplicates: 10, withoutHash: 1, rejected: 0 });
    expect(result.firstProblems).toMatchObject([{ line: 75, excerpt: 'no hash here' }]);
    expect(result.set).toEqual({
      id: 1,
      name: 'Gold image',
      edition: '1',
      mark: 'known-good',
      datedAt: NOW - 86_400,
      importedAt: NOW,
      digests: { md5: 3, sha1: 0, sha256: 60 },
      bytes: result.set.bytes,
      state: 'ready',
      products: 0,
      possible: null,
      syncJob: null,
    });
    const sorted = (kind: 'md5' | 'sha256', count: number): string[] =>
      Array.from({ length: count }, (_, n) => digest(kind, n)).sort();
    expect(content(1)).toEqual({ md5: sorted('md5', 3), sha1: [], sha256: sorted('sha256', 60) });
    expect(await sets.list()).toEqual([result.set]);
    expect(await database.read('changesSince', { since: 0, limit: 9 })).toMatchObject([
      { kind: CHANGE.knownSet, id: 1 },
    ]);
  });

  it('reads a CSV with several digests a row, packed by gzip', async () => {
    const rows = Array.from({ length: 20 }, (_, n) => `${digest('md5', n)},${digest('sha1', n)},name ${n}`);
    const result = await run(gzipSync(`MD5,SHA-1,File\n${rows.join('\n')}\n${rows[0]}\n`));
    expect(result).toMatchObject({ records: 21, furtherDigests: 21, duplicates: 2, withoutHash: 0, rejected: 0 });
    expect(result.set.digests).toEqual({ md5: 20, sha1: 20, sha256: 0 });
  });

  it('takes every hash of a row that names several of one kind', async () => {
    const rows = [`a,${digest('md5', 1)} ${digest('md5', 2)}`, `b,${digest('md5', 3)}`, `c,${digest('md5', 2)}`];
    const result = await run(`name,md5\n${rows.join('\n')}\n`);
    expect(result).toMatchObject({ records: 3, furtherDigests: 1, duplicates: 1, withoutHash: 0, rejected: 0 });
    expect(content(1)['md5']).toEqual([1, 2, 3].map((seed) => digest('md5', seed)).sort());
  });

  it.each([
    [
      'list.md',
      (cells: string[]) => `# Seen\n\n| md5 | name |\n| --- | --- |\n| ${cells[0]} | a |\n\nalso ${cells[1]}\n`,
    ],
    [
      'list.html',
      (cells: string[]) => `<p>also ${cells[1]}</p><table><tr><th>md5<th>name<tr><td>${cells[0]}<td>a</table>`,
    ],
  ])('reads tables and text of %s', async (name, write) => {
    const wanted = [1, 2].map((seed) => digest('md5', seed));
    const source = keep(write(wanted), name);
    const result = await sets.import(source, plain, () => undefined, new AbortController().signal);
    expect(result.rejected).toBe(0);
    expect(content(1)['md5']).toEqual(wanted.toSorted());
  });

  it('writes where the set came from into the file', async () => {
    const text = lines('sha1', 0, 5);
    await run(text, { edition: '2026-11' });
    const reader = new PackedReader(join(directory, 'known-sets', '1.acol'), 'known-set');
    reader.close();
    expect(reader.header.meta).toEqual({
      name: 'Gold image',
      edition: '2026-11',
      mark: 'known-good',
      datedAt: null,
      importedAt: NOW,
      source: { name: 'list.txt', bytes: text.length, sha256: createHash('sha256').update(text).digest('hex') },
      records: 5,
      counts: { md5: 0, sha1: 5, sha256: 0 },
    });
  });

  it('refuses what would be half a set or none, and leaves nothing', async () => {
    const packed = gzipSync(lines('sha256', 0, 5000));
    for (const [bad, reason] of [
      [packed.subarray(0, packed.length / 2), /is damaged: The gzip data is cut off/],
      [`md5,name\n${digest('md5', 1)},a\n${digest('md5', 2)},"open\n`, /is damaged/],
      ['', /list\.txt cannot be a known set/],
      ['just\nsome\nwords\n', /it is no list of hashes/],
      [new Uint8Array(5000), /it is no list of hashes/],
    ] as const) {
      await expect(run(bad), String(reason)).rejects.toThrow(reason);
    }
    await expect(
      sets.import(join(directory, 'absent'), plain, () => undefined, new AbortController().signal),
    ).rejects.toThrow(/absent cannot be read/);
    expect(files()).toEqual([]);
    expect(await sets.list()).toEqual([]);
    expect(await database.read('changesSince', { since: 0, limit: 9 })).toEqual([]);
  });
});

describe('editions', () => {
  it('needs a word to take the place of a set, then swaps it in one step and removes the old file', async () => {
    await run(lines('md5', 0, 4));
    await expect(run(lines('md5', 0, 9), { edition: '2' })).rejects.toMatchObject({
      code: 'CONFLICT',
      message:
        'A known set named Gold image (edition 1) exists already. Replace it by this edition, or choose another name; nothing was imported.',
    });
    expect(files()).toEqual(['1.acol']);
    const { set } = await run(lines('md5', 0, 9), { edition: '2', mark: 'known-bad', replace: true });
    expect(set).toMatchObject({ id: 2, edition: '2', mark: 'known-bad', digests: { md5: 9 } });
    expect(await sets.list()).toEqual([set]);
    expect(files()).toEqual(['2.acol']);
    const seen = await database.read('changesSince', { since: 1, limit: 9 });
    expect(seen.map((change) => change.id)).toEqual([1, 2]);
  });

  it('keeps the old edition in force when the new one cannot be read', async () => {
    const { set } = await run(lines('md5', 0, 4));
    await expect(run('nothing\n', { replace: true })).rejects.toMatchObject({ code: 'UNREADABLE' });
    expect(await sets.list()).toEqual([set]);
    expect(content(1)['md5']).toHaveLength(4);
  });

  it('lets only one of two imports of a name through', async () => {
    const outcomes = await Promise.allSettled([run(lines('md5', 0, 3)), run(lines('md5', 0, 3), {}, service())]);
    expect(outcomes.map((outcome) => outcome.status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(await sets.list()).toHaveLength(1);
    expect(files()).toHaveLength(1);
  });
});

describe('removing and recovering', () => {
  it('removes row and file, and tells', async () => {
    await run(lines('md5', 0, 4));
    await sets.remove(1);
    expect([await sets.list(), files()]).toEqual([[], []]);
    expect(await database.read('changesSince', { since: 1, limit: 9 })).toMatchObject([
      { kind: CHANGE.knownSet, id: 1 },
    ]);
    await expect(sets.remove(1)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect((await run(lines('md5', 0, 4))).set.id).toBe(2);
  });

  it('shows a set whose file is gone as missing', async () => {
    await run(lines('md5', 0, 4));
    renameSync(join(directory, 'known-sets', '1.acol'), join(directory, 'elsewhere'));
    expect(await sets.list()).toMatchObject([{ id: 1, state: 'missing' }]);
  });

  it('cleans up after an import whose process died, and keeps files that no row explains', async () => {
    await run(lines('md5', 0, 4));
    const dead = { ...plain, name: 'Dead', at: NOW, folder: 'known-sets', process: '999999999:1' };
    const { path } = await database.write('beginKnownSet', dead);
    for (const name of [path, `${path}.999999999.tmp`]) {
      writeFileSync(join(directory, name), 'half');
    }
    // An old edition whose removal was interrupted, and a file whose row was lost.
    await run(lines('md5', 0, 5), { name: 'Other' });
    renameSync(join(directory, 'known-sets', '3.acol'), join(directory, 'known-sets', '77.acol'));
    await database.write('removeKnownSet', { id: 3 });
    await run(lines('md5', 0, 6), { replace: true, edition: '2' });
    renameSync(join(directory, 'known-sets', '77.acol'), join(directory, 'known-sets', '3.acol'));
    expect((await service().list()).map((set) => set.id)).toEqual([4]);
    expect(files()).toEqual(['4.acol']);
    expect(readdirSync(join(directory, 'quarantine'))).toEqual(['known-set-3.acol']);
  });
});

describe.each(['inline', 'workers'] as const)('cancel and progress, %s', (threads) => {
  it('leaves nothing when cancelled, whatever was read', async () => {
    const path = keep(lines('sha256', 0, 60_000));
    const controller = new AbortController();
    controller.abort();
    await expect(service(threads).import(path, plain, () => undefined, controller.signal)).rejects.toMatchObject({
      code: 'CANCELLED',
    });
    expect([files(), await sets.list()]).toEqual([[], []]);
  });

  it('tells how far it is and ends with all of it', async () => {
    const seen: unknown[][] = [];
    const path = keep(lines('sha256', 0, 2000));
    const result = await service(threads).import(
      path,
      plain,
      (...progress) => seen.push(progress),
      new AbortController().signal,
    );
    expect(result.set.digests.sha256).toBe(2000);
    expect(seen.filter(([, , , phase]) => phase === 'reading').at(-1)).toEqual([
      130_000,
      130_000,
      2000,
      'reading',
      null,
    ]);
    expect(seen.at(-1)?.slice(1)).toEqual([2000, 2000, 'sorting', null]);
    expect(existsSync(join(directory, 'known-sets', '1.acol'))).toBe(true);
  });
});
