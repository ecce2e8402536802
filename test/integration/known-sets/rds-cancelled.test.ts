import { appendFileSync, copyFileSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { BuiltSet } from '#main/services/known-sets/build-set.ts';
import type { Begun } from '#main/services/known-sets/list-work.ts';
import { buildRds } from '#main/services/known-sets/rds/build-rds.ts';
import { fileRow, makeRds } from '../../db/rds-database.ts';

let directory: string;
let sets: string;
let source: string;
beforeAll(async () => {
  const rows = Array.from({ length: 20_000 }, (_, n) => fileRow(n % 19_000, 501 + (n % 4), `${n}`));
  const path = join(await mkdtemp(join(tmpdir(), 'assay-source-')), 'rds.db');
  source = makeRds(path, rows, "INSERT INTO FILE VALUES ('x','','','','wrong',0,501)");
});
afterAll(() => rm(dirname(source), { recursive: true, force: true }));
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'assay-cancelled-'));
  sets = await mkdtemp(join(directory, 'sets-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

interface Run {
  readonly built: BuiltSet | null;
  readonly begun: Begun | null;
  readonly message: string;
}

/** Imports, and cancels at the look of that number, or lets something happen at the first one. */
async function run(
  source: string,
  target: string,
  when: number | (() => void) = Number.POSITIVE_INFINITY,
  keptFrom = 1,
): Promise<Run> {
  let begun: Begun | null = null;
  let looked = 0;
  const named = { name: 'NSRL', edition: '', mark: 'known', datedAt: null, importedAt: 5 } as const;
  try {
    const built = await buildRds(
      { ...named, source, target: join(sets, target), form: 'nsrl-rdsv3', runRecords: 5000, keptFrom },
      {
        onProgress: (_done, _total, _digests, _phase, how = null) => {
          begun ??= how;
        },
        isCancelled: () => {
          looked += 1;
          if (typeof when === 'function' && looked === 1) {
            when();
          }
          return typeof when === 'number' && looked > when;
        },
      },
    );
    return { built, begun, message: '' };
  } catch (error) {
    return { built: null, begun, message: (error as Error).message };
  }
}

const bytes = (name: string): Buffer => readFileSync(join(sets, name));

describe('an import of a database that was cancelled', () => {
  // Two looks at a batch: after 3 one batch of 8,192 rows is in, after 8 all are and digests are being sorted.
  it.each([3, 5, 8])('goes on where it was (look %i), and comes to the same set', async (looks) => {
    const first = await run(source, '1.acol', looks);
    expect(first.message).toContain('What was read is kept for a week');
    expect(readdirSync(sets)).toEqual([expect.stringMatching(/^work-/)]);
    const second = await run(source, '1.acol');
    expect(second.begun).toMatchObject({ kind: 'resumed' });
    const fresh = await run(source, '2.acol');
    expect(fresh.begun).toBeNull();
    expect(second.built).toEqual(fresh.built);
    expect(second.built).toMatchObject({ records: 20_001, rejected: 1, firstProblems: [{ line: 20_001 }] });
    expect(bytes('1.acol').equals(bytes('2.acol'))).toBe(true);
    expect(readdirSync(sets).sort()).toEqual(['1.acol', '2.acol']);
  });

  it('may be cancelled again and again', async () => {
    for (const looks of [3, 3, 3]) {
      expect((await run(source, '1.acol', looks)).message).toContain('kept for a week');
    }
    expect((await run(source, '1.acol')).built).toMatchObject({ records: 20_001, md5: 19_000 });
  });

  it('of a file that changed meanwhile is not continued', async () => {
    const changed = join(directory, 'rds.db');
    copyFileSync(source, changed);
    await run(changed, '1.acol', 3);
    appendFileSync(changed, Buffer.alloc(4096));
    expect((await run(changed, '1.acol')).begun).toBeNull();
  });

  it('of a file that is written to beside it is not continued', async () => {
    const changed = join(directory, 'rds.db');
    copyFileSync(source, changed);
    await run(changed, '1.acol', 3);
    writeFileSync(`${changed}-wal`, 'not read, but not what it was either');
    expect((await run(changed, '1.acol')).begun).toBeNull();
  });

  it('leaves nothing of a small file', async () => {
    const { message } = await run(source, '1.acol', 3, 1 << 30);
    expect(message).toBe('Cancelled. Nothing of the set was kept.');
    expect(readdirSync(sets)).toEqual([]);
  });
});

it('of a file that changes while it is read comes to nothing', async () => {
  const changed = join(directory, 'rds.db');
  copyFileSync(source, changed);
  const { built, message } = await run(changed, '1.acol', () => utimesSync(changed, 5, 5));
  expect([built, message]).toEqual([
    null,
    'rds.db cannot be a known set: it changed while it was read. Nothing was imported.',
  ]);
  expect(readdirSync(sets)).toEqual([]);
});
