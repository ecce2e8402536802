import { createHash } from 'node:crypto';
import { closeSync, openSync, readdirSync, readFileSync, utimesSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Verdict } from '#shared/domain/basis.ts';
import { PackedReader } from '#main/intakes/packed-reader.ts';
import { acceleratorWanted, newestAccelerator } from '#main/services/triage/accelerator/accelerator.ts';
import { buildAccelerator } from '#main/services/triage/accelerator/build.ts';
import { createJudge } from '#main/services/triage/judge.ts';
import { createWorld, emptyVerdictColumns, entriesOf, NOW, verdictsOf, type Row, type World } from './world.ts';

/** Enough for several blocks of an accelerator. */
const FILES = 9_000;
const never = (): boolean => false;
const hash = (algorithm: string, number: number): string => createHash(algorithm).update(`${number}`).digest('hex');
const md5 = (number: number): string => hash('md5', number);
const sha256 = (number: number): string => hash('sha256', number);

let world: World;
let folder: string;
let seed: Buffer;
beforeAll(() => {
  const first = createWorld();
  first.db.transaction(() => {
    for (let number = 0; number < FILES; number += 1) {
      const status = (['malicious', 'suspicious', 'non-malicious'] as const)[number % 3] ?? 'malicious';
      // A shared MD5 now and then, so that equal digests lie beside each other.
      const digests = { sha256: sha256(number), md5: md5(number % 7 === 0 ? 7 : number) };
      first.file(digests, [{ status, scannedAt: NOW - number }]);
    }
  })();
  seed = first.db.serialize();
  first.close();
});
beforeEach(() => {
  world = createWorld(seed);
  folder = join(world.directory, 'accelerators');
});
afterEach(() => world.close());

const rows: Row[] = Array.from({ length: 3_000 }, (_, row) =>
  row % 2 === 0 ? { sha256: sha256(row * 5) } : { md5: md5(row * 5) },
);
const { entries } = entriesOf(rows);

function judged(finders: 'search' | 'merge' | 'cheapest'): { verdicts: Verdict[]; problems: readonly string[] } {
  const columns = emptyVerdictColumns(entries.length);
  const { problems } = createJudge(finders).judge(world.context, entries, columns, never);
  return { verdicts: verdictsOf(columns), problems: problems ?? [] };
}

function accelerators(): string[] {
  return readdirSync(folder).sort();
}

/** Overwrites bytes of one section. */
function damage(path: string, section: string, kind: 'accelerator' | 'known-set' = 'accelerator'): void {
  const reader = new PackedReader(path, kind);
  const place = reader.header.sections.find(({ name }) => name === section);
  reader.close();
  const file = openSync(path, 'r+');
  writeSync(file, Buffer.alloc(64, 0xab), 0, 64, (place?.offset ?? 0) + 128);
  closeSync(file);
}

describe('an accelerator', () => {
  it('gives what searching gives, over many blocks', () => {
    buildAccelerator(world.db, world.directory, never);
    const searched = judged('search');
    expect(judged('merge')).toEqual(searched);
    const known = searched.verdicts.filter(({ rule }) => rule === 'source').length;
    expect(known).toBeGreaterThan(1_000);
  });

  it.each(['sha256', 'md5.file', 'itemTime', 'fileId', 'sha256.crc'])(
    'is not believed when %s is damaged',
    (section) => {
      const path = buildAccelerator(world.db, world.directory, never) ?? '';
      const searched = judged('search');
      damage(path, section);
      expect(judged('merge')).toEqual(searched);
    },
  );

  it.each([
    ['cut short', (bytes: Buffer) => bytes.subarray(0, bytes.length - 1000)],
    ['empty', () => Buffer.alloc(0)],
    ['something else', () => Buffer.from('not an accelerator at all')],
  ])('is not believed when it is %s, and asked to be built anew', (_name, change) => {
    const path = buildAccelerator(world.db, world.directory, never) ?? '';
    expect(acceleratorWanted(world.db, world.directory, FILES)).toBe(false);
    writeFileSync(path, change(readFileSync(path)));
    expect(judged('merge')).toEqual(judged('search'));
    expect(acceleratorWanted(world.db, world.directory, FILES)).toBe(true);
  });

  it('takes the place of the one before, and of what a dead builder left', () => {
    buildAccelerator(world.db, world.directory, never);
    const abandoned = join(folder, 'x.acol.1.tmp');
    writeFileSync(abandoned, '');
    utimesSync(abandoned, 1, 1);
    writeFileSync(join(folder, 'y.acol.2.tmp'), '');
    world.setItems(1, []);
    const path = buildAccelerator(world.db, world.directory, never) ?? '';
    expect(
      accelerators()
        .map((name) => join(folder, name))
        .sort(),
    ).toEqual([path, join(folder, 'y.acol.2.tmp')].sort());
  });

  it('leaves nothing behind when cancelled', () => {
    expect(buildAccelerator(world.db, world.directory, () => true)).toBeNull();
    expect(accelerators()).toEqual([]);
  });

  it('is not used with another database, an earlier state, or after the feed of changes was pruned', () => {
    buildAccelerator(world.db, world.directory, never);
    const isUsed = (): boolean => {
      const found = newestAccelerator(world.db, world.directory);
      found?.close();
      return found !== null;
    };
    expect(isUsed()).toBe(true);
    world.db.exec('SAVEPOINT other; UPDATE changes SET id = id + 1 WHERE seq = (SELECT max(seq) FROM changes)');
    expect(isUsed()).toBe(false);
    world.db.exec("ROLLBACK TO other; UPDATE meta SET value = 'another' WHERE key = 'database_id'");
    expect(isUsed()).toBe(false);
    world.db.exec("ROLLBACK TO other; UPDATE sqlite_sequence SET seq = 5 WHERE name = 'changes'");
    expect(isUsed()).toBe(false);
    world.db.exec('ROLLBACK TO other; DELETE FROM changes');
    expect(isUsed()).toBe(true);
    world.setItems(1, []);
    world.setItems(2, []);
    world.db.exec('DELETE FROM changes WHERE seq < (SELECT max(seq) FROM changes)');
    expect(isUsed()).toBe(false);
    world.db.exec('ROLLBACK TO other; RELEASE other');
  });

  it('is wanted once a twentieth of the files changed, not for a small cache', () => {
    expect(acceleratorWanted(world.db, world.directory, FILES)).toBe(true);
    expect(acceleratorWanted(world.db, world.directory, 100)).toBe(false);
    buildAccelerator(world.db, world.directory, never);
    const change = (from: number, to: number): void =>
      world.db.transaction(() => {
        for (let id = from; id <= to; id += 1) {
          world.setItems(id, []);
        }
      })();
    change(1, FILES / 20);
    change(1, FILES / 20);
    expect(acceleratorWanted(world.db, world.directory, FILES)).toBe(false);
    change(FILES / 20 + 1, FILES / 20 + 1);
    expect(acceleratorWanted(world.db, world.directory, FILES)).toBe(true);
    expect(judged('merge')).toEqual(judged('search'));
  });
});

describe('a known set', () => {
  const members = Array.from({ length: 30_000 }, (_, number) => sha256(number * 10));

  it('answers the same for few rows, which are searched, and many, which are merged', () => {
    world.knownSet('known-good', [...members, md5(5), md5(7)]);
    const { verdicts } = judged('search');
    for (const [row, link] of [[0, 'single'] as const, [1_499, 'single'] as const, [2_999, 'single'] as const]) {
      const { link: _link, ...digests } = entriesOf(rows).rows[row] ?? {};
      expect(verdicts[row]).toEqual(createJudge().explain(world.context, digests as never, link).verdict);
    }
    const few = entriesOf([{ sha256: sha256(10) }, { sha256: sha256(11) }, { sha256: sha256(299_990) }]);
    const columns = emptyVerdictColumns(3);
    createJudge().judge(world.context, few.entries, columns, never);
    const rules = new Map(few.rows.map((row, place) => [row.sha256, verdictsOf(columns)[place]?.agreeing]));
    expect(rules.get(sha256(11))).toBe(0);
    expect(
      verdictsOf(columns)
        .map(({ rule }) => rule)
        .sort(),
    ).toEqual(['known-good', 'source', 'source']);
  });

  it('that is damaged is left out and named, never read as "not known"', () => {
    const id = world.knownSet('known-bad', members, 'Bad things');
    expect(judged('merge').problems).toEqual([]);
    damage(join(world.directory, `known-sets/${id}.acol`), 'sha256', 'known-set');
    const { problems, verdicts } = judged('search');
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(/^The known set Bad things was left out: .*damaged.*Import it again\.$/);
    expect(verdicts.some(({ rule }) => rule === 'known-bad')).toBe(false);
  });

  it('whose file is missing is named too', () => {
    world.knownSet('known-bad', members, 'Gone');
    world.db.prepare("UPDATE known_sets SET path = 'known-sets/none.acol'").run();
    expect(judged('search').problems).toHaveLength(1);
  });
});

describe('judging', () => {
  it.each(['search', 'merge'] as const)('stops when asked (%s)', (finders) => {
    buildAccelerator(world.db, world.directory, never);
    const columns = emptyVerdictColumns(entries.length);
    let looks = 0;
    createJudge(finders).judge(world.context, entries, columns, () => (looks += 1) > 1);
    expect(looks).toBeLessThan(4);
    expect(verdictsOf(columns).every(({ rule }) => rule === 'never-asked')).toBe(true);
  });
});
