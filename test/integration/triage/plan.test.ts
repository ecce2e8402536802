import { rmSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DIGEST_KINDS } from '#shared/domain/hash.ts';
import { RULES } from '#shared/domain/basis.ts';
import { buildAccelerator } from '#main/services/triage/accelerator/build.ts';
import { createJudge } from '#main/services/triage/judge.ts';
import { EMPTY_FILE } from '#shared/domain/empty-file.ts';
import {
  isAliasPair,
  PAIRS,
  PAIR,
  pairCode,
  pairKind,
  type PlanColumns,
  type PlanQuestion,
} from '#main/services/triage/plan/pairs.ts';
import { planEntries } from '#main/services/triage/plan/plan-entries.ts';
import { pairByTheRules, readKnowledge } from './plan-oracle.ts';
import { anyChanges, anyPolicy, anyRows, anySets, apply, clear } from './random-world.ts';
import { createWorld, emptyVerdictColumns, entriesOf, md5, NOW, sha1, sha256, type Row, type World } from './world.ts';

let world: World;
beforeAll(() => {
  world = createWorld();
});
afterAll(() => world.close());

const never = (): boolean => false;
const QUESTION: PlanQuestion = {
  sources: [
    { source: 'wildfire', code: 1, takes: ['sha256', 'md5'], recheckSeconds: 1_800 },
    { source: 'virustotal', code: 5, takes: ['sha256', 'sha1', 'md5'], recheckSeconds: 1_800 },
  ],
  freshSeconds: 30 * 86_400,
  notKnownSeconds: 7 * 86_400,
  isConclusiveEnough: false,
  avoid: true,
};

function queue(hex: string, source: number): void {
  world.db
    .prepare(
      'INSERT INTO queue (source, digest, bytes, purpose, created_at) VALUES (?, ?, ?, 2, 0) ON CONFLICT DO NOTHING',
    )
    .run(source, Buffer.from(hex, 'hex'), hex.length / 2);
}

function embargo(hex: string, intakeId: number): void {
  world.db
    .prepare('INSERT OR IGNORE INTO embargo_keys VALUES (?, ?)')
    .run(Number.parseInt(hex.slice(0, 12), 16), intakeId);
}

function reset(): void {
  clear(world);
  world.db.exec('DELETE FROM queue; DELETE FROM embargo_keys');
}

/** The plan as words: per row, per source. */
function worded(columns: PlanColumns | null): string[][] {
  if (columns === null) {
    return [];
  }
  return Array.from({ length: columns.length }, (_, row) =>
    columns.pairs.map((pairs) => {
      const packed = pairs[row] ?? 0;
      const pair = PAIRS.find((one) => PAIR[one] === pairCode(packed)) ?? 'nothing';
      return pair === 'ask' ? `ask ${pairKind(packed)}${isAliasPair(packed) ? ' by link' : ''}` : pair;
    }),
  );
}

const plan = (rows: readonly Row[], question: Partial<PlanQuestion> = {}): string[][] =>
  worded(planEntries(world.context, entriesOf(rows).entries, { ...QUESTION, ...question }, never, never));

describe('what a scan would ask', () => {
  it('asks about what nothing is known of, by the strongest digest each source takes', () => {
    reset();
    expect(plan([{ sha256: sha256(1), sha1: sha1(1), md5: md5(1) }])).toEqual([['ask sha256', 'ask sha256']]);
    expect(plan([{ sha1: sha1(1), md5: md5(1) }])).toEqual([['ask md5', 'ask sha1']]);
    expect(plan([{ sha1: sha1(1) }])).toEqual([['kind', 'ask sha1']]);
  });

  it('asks by a digest the graph ties to the row when the source takes none of its own', () => {
    reset();
    world.file({ sha1: sha1(1), sha256: sha256(1) });
    expect(plan([{ sha1: sha1(1) }])).toEqual([['ask sha256 by link', 'ask sha1']]);
    world.file({ sha1: sha1(1), sha256: sha256(2) });
    expect(plan([{ sha1: sha1(1) }])).toEqual([['kind', 'ask sha1']]);
  });

  it('saves a call by an answer under this digest or another one of the file, while it is fresh', () => {
    reset();
    world.file({ md5: md5(1), sha256: sha256(1) }, [{ source: 'wildfire', scannedAt: NOW - 30 * 86_400 }]);
    expect(plan([{ sha256: sha256(1) }, { md5: md5(1) }])).toEqual([
      ['fresh', 'ask sha256'],
      ['link', 'ask md5'],
    ]);
    reset();
    world.file({ sha256: sha256(1) }, [{ source: 'wildfire', scannedAt: NOW - 30 * 86_400 - 1 }]);
    expect(plan([{ sha256: sha256(1) }])).toEqual([['ask sha256', 'ask sha256']]);
  });

  it('takes no answer for one that could not be asked, and asks again for pending ones past their time', () => {
    reset();
    world.file({ sha256: sha256(1) }, [{ source: 'wildfire', status: 'unknown', noAnswer: 'could-not-ask' }]);
    world.file({ sha256: sha256(2) }, [{ source: 'wildfire', status: 'unknown', noAnswer: 'not-known' }]);
    world.file({ sha256: sha256(3) }, [{ source: 'wildfire', status: 'pending', scannedAt: NOW - 1_800 }]);
    world.file({ sha256: sha256(4) }, [{ source: 'wildfire', status: 'pending', scannedAt: NOW - 1_801 }]);
    for (const [number, age] of [[5, 7 * 86_400] as const, [6, 7 * 86_400 + 1] as const]) {
      const scannedAt = NOW - age;
      world.file({ sha256: sha256(number) }, [
        { source: 'wildfire', status: 'unknown', noAnswer: 'not-known', scannedAt },
      ]);
    }
    const rows = [1, 2, 3, 4, 5, 6].map((number) => ({ sha256: sha256(number) }));
    const sorted = entriesOf(rows).rows.map((row) => rows.findIndex(({ sha256: hex }) => hex === row.sha256));
    const words = plan(rows);
    expect([0, 1, 2, 3, 4, 5].map((number) => words[sorted.indexOf(number)]?.[0])).toEqual([
      'ask sha256',
      'fresh',
      'fresh',
      'ask sha256',
      'fresh',
      'ask sha256',
    ]);
  });

  it('never lets a link that only the list states save a call', () => {
    reset();
    world.file({ md5: md5(1) }, [{ source: 'virustotal', status: 'non-malicious' }]);
    expect(plan([{ md5: md5(1), sha256: sha256(1), link: 'asserted' }])).toEqual([['ask sha256', 'ask sha256']]);
    expect(plan([{ md5: md5(1), sha256: sha256(1), link: 'computed' }])).toEqual([['ask sha256', 'fresh']]);
    queue(md5(1), 1);
    expect(plan([{ md5: md5(1), sha256: sha256(1), link: 'asserted' }])).toEqual([['ask sha256', 'ask sha256']]);
  });

  it('leaves out what the hash list decides, under any digest of the file, and sets marked good or bad', () => {
    reset();
    world.file({ md5: md5(1), sha256: sha256(1) });
    world.listed('malicious', { md5: md5(1) });
    world.listed('malicious', { sha256: sha256(2) }, NOW - 1);
    world.knownSet('known-good', [sha256(3)]);
    world.knownSet('known', [sha256(4)]);
    const rows = [1, 2, 3, 4].map((number) => ({ sha256: sha256(number) }));
    const ordered = entriesOf(rows).rows;
    const words = plan(rows);
    const of = (number: number) => words[ordered.findIndex(({ sha256: hex }) => hex === sha256(number))]?.[1];
    expect([1, 2, 3, 4].map(of)).toEqual(['hash-list', 'ask sha256', 'known-set', 'ask sha256']);
  });

  it('keeps hashes under embargo and the empty file here, also when answers are not to save calls', () => {
    reset();
    embargo(md5(1), 7);
    world.listed('non-malicious', { sha256: sha256(2) });
    const rows = [{ md5: md5(1), sha256: sha256(1), link: 'asserted' as const }, { sha256: sha256(2) }];
    for (const avoid of [true, false]) {
      expect(plan(rows, { avoid }).flat().toSorted()).toEqual(['embargo', 'embargo', 'hash-list', 'hash-list']);
      expect(
        plan(
          Object.values(EMPTY_FILE).map((hex, at) => ({ [['md5', 'sha1', 'sha256'][at] ?? '']: hex })),
          { avoid },
        ),
      ).toEqual([
        ['empty', 'empty'],
        ['kind', 'empty'],
        ['empty', 'empty'],
      ]);
    }
    const columns = planEntries(world.context, entriesOf(rows).entries, QUESTION, never, never);
    expect([...(columns?.embargoedBy ?? [])].toSorted((a, b) => a - b)).toEqual([0, 7]);
  });

  it('counts what waits already, and takes one malicious answer for enough when that is the strategy', () => {
    reset();
    queue(sha256(1), 5);
    world.file({ sha256: sha256(1) }, [{ source: 'virustotal', status: 'malicious', scannedAt: NOW - 99 * 86_400 }]);
    expect(plan([{ sha256: sha256(1) }])).toEqual([['ask sha256', 'queued']]);
    expect(plan([{ sha256: sha256(1) }], { isConclusiveEnough: true })).toEqual([['conclusive', 'queued']]);
  });

  it('decides as the rules say, however it finds what is known', () => {
    const anyQueued = fc.array(
      fc.tuple(fc.constantFrom(md5, sha1, sha256), fc.nat({ max: 5 }), fc.constantFrom(1, 2, 5)),
      {
        maxLength: 3,
      },
    );
    const anyEmbargo = fc.array(fc.tuple(fc.constantFrom(md5, sha1, sha256), fc.nat({ max: 5 })), { maxLength: 2 });
    const anyQuestion = fc.record({ isConclusiveEnough: fc.boolean(), avoid: fc.boolean() });
    fc.assert(
      fc.property(
        anyChanges,
        anyChanges,
        anySets,
        anyRows,
        anyPolicy,
        fc.tuple(anyQueued, anyEmbargo, anyQuestion),
        (before, after, sets, some, policy, [queued, embargoed, more]) => {
          reset();
          apply(world, before);
          for (const set of sets) {
            world.knownSet(set.mark, set.digests);
          }
          buildAccelerator(world.db, world.directory, never);
          apply(world, after);
          queued.forEach(([make, number, source]) => queue(make(number), source));
          embargoed.forEach(([make, number]) => embargo(make(number), 1));
          const question = { ...QUESTION, ...more };
          const context = { ...world.context, policy };
          const { entries, rows } = entriesOf(some);
          const deciding = sets.filter(({ mark }) => mark !== 'known').flatMap(({ digests }) => digests);
          const known = readKnowledge(world, deciding);
          const expected = rows.map((row) =>
            question.sources.map((source) => pairByTheRules(known, question, policy, source, row)),
          );
          const verdicts = emptyVerdictColumns(entries.length);
          createJudge('search').judge(context, entries, verdicts, never);
          const isNeverAsked = (entry: number): boolean => RULES[verdicts.rule[entry] ?? 0] === 'never-asked';
          for (const finders of ['search', 'merge'] as const) {
            for (const shortcut of [never, isNeverAsked]) {
              const words = worded(planEntries(context, entries, question, shortcut, never, finders));
              expect(words.map((pairs) => pairs.map((pair) => pair.replace(' by link', '')))).toEqual(expected);
            }
          }
          rmSync(join(world.directory, 'accelerators'), { recursive: true });
        },
      ),
      { numRuns: 80 },
    );
  });

  it('stops when it is cancelled', () => {
    reset();
    const { entries } = entriesOf(DIGEST_KINDS.map((kind) => ({ [kind]: { md5, sha1, sha256 }[kind](1) })));
    expect(planEntries(world.context, entries, QUESTION, never, () => true)).toBeNull();
  });
});
