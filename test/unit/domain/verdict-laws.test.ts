import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Verdict } from '#shared/domain/basis.ts';
import type { Evidence } from '#shared/domain/evidence.ts';
import { STATUS_CODE } from '#shared/domain/status.ts';
import { decide, decideEntry } from '#shared/domain/verdict.ts';
import { anyEntryEvidence, anyEvidence, anyItem, anyPolicy, NOW } from './arbitrary-evidence.ts';

const severity = (verdict: Verdict): number => STATUS_CODE[verdict.status];
const shuffled = <T>(list: readonly T[], seed: number): T[] =>
  list
    .map((value, index) => ({ value, key: Math.sin(seed + index * 7.3) }))
    .sort((a, b) => a.key - b.key)
    .map(({ value }) => value);

const isDeepEqual = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

describe('laws of verdicts', () => {
  it('the order of evidence never matters', () => {
    fc.assert(
      fc.property(anyEntryEvidence, anyPolicy, fc.nat(), (evidence, policy, seed) => {
        const mix = (one: Evidence): Evidence => ({
          list: shuffled(one.list, seed),
          items: shuffled(one.items, seed + 1),
          sets: shuffled(one.sets, seed + 2),
        });
        const other = {
          own: shuffled(evidence.own.map(mix), seed + 3),
          contradicting: shuffled(evidence.contradicting.map(mix), seed + 4),
          asserted: shuffled(evidence.asserted.map(mix), seed + 5),
        };
        expect(decideEntry(other, policy, NOW)).toEqual(decideEntry(evidence, policy, NOW));
      }),
    );
  });

  it('a malicious answer never lowers and leads to malicious unless the list says otherwise', () => {
    fc.assert(
      fc.property(anyEvidence, anyItem, anyPolicy, (evidence, item, policy) => {
        const bad = { ...item, status: 'malicious' as const, noAnswer: null, score: null };
        const before = decide(evidence, policy, NOW);
        const after = decide({ ...evidence, items: [...evidence.items, bad] }, policy, NOW);
        expect(severity(after)).toBeGreaterThanOrEqual(severity(before));
        expect(after.status === 'malicious' || after.rule === 'hash-list').toBe(true);
      }),
    );
  });

  it('what the dropped list ties to a row never lowers it and never takes a conflict away', () => {
    fc.assert(
      fc.property(anyEntryEvidence, anyPolicy, (evidence, policy) => {
        const before = decideEntry({ ...evidence, asserted: [] }, policy, NOW);
        const after = decideEntry(evidence, policy, NOW);
        const raised = severity(after) > severity(before);
        expect({
          lowered: severity(after) < severity(before),
          raisedUnmarked: raised && !(severity(after) >= STATUS_CODE.suspicious && after.flags.includes('asserted')),
          changedSilently: !raised && after.flags.length === before.flags.length && !isDeepEqual(before, after),
          conflictLost: before.flags.includes('conflict') && !after.flags.includes('conflict'),
        }).toEqual({ lowered: false, raisedUnmarked: false, changedSilently: false, conflictLost: false });
      }),
    );
  });

  it('a disagreement is always flagged, whoever decides', () => {
    fc.assert(
      fc.property(anyEvidence, (evidence) => {
        const policy = { thresholds: {}, staleAfter: 1 };
        const words = [
          ...evidence.list.map((entry) => entry.side),
          ...evidence.items.map((item) => item.status),
          ...evidence.sets.flatMap((set) => {
            const meaning = { 'known-good': 'non-malicious', 'known-bad': 'malicious', known: 'unknown' } as const;
            return [meaning[set.mark]];
          }),
        ];
        const disagree =
          words.includes('non-malicious') && (words.includes('malicious') || words.includes('suspicious'));
        expect(decide(evidence, policy, NOW).flags.includes('conflict')).toBe(disagree);
      }),
    );
  });

  it('the list decides over everything else about a file', () => {
    fc.assert(
      fc.property(anyEvidence, anyPolicy, (evidence, policy) => {
        fc.pre(evidence.list.length > 0);
        const verdict = decide(evidence, policy, NOW);
        const worst = evidence.list.some((entry) => entry.side === 'malicious') ? 'malicious' : 'non-malicious';
        expect([verdict.status, verdict.rule]).toEqual([worst, 'hash-list']);
      }),
    );
  });
});
