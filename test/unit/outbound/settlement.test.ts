import { describe, expect, it } from 'vitest';
import type { Claim } from '#main/db/repositories/queue-types.ts';
import { askedRows, settlementOf } from '#main/jobs/outbound/outcomes/settlement.ts';
import { answered, answerFor, failed, hashOf } from './answers.ts';

const now = Date.UTC(2026, 10, 22, 9, 30);
const claim: Extract<Claim, { kind: 'request' }> = {
  kind: 'request',
  requestId: 3,
  digestKind: 'sha256',
  digests: Buffer.from([1, 2, 3].map(hashOf).join(''), 'hex'),
  rows: [1, 2, 3].map((id) => ({ id, attempts: 0, purpose: 'new', awaits: null })),
  single: false,
  billed: 1,
};
const rows = askedRows(claim);
let draws = 0;
const context = {
  source: 'wildfire',
  kind: 'sha256',
  now,
  recheckMs: 60_000,
  pace: 1,
  asksForMore: false,
  random: () => (draws++ % 10) / 10,
} as const;

describe('settling a request', () => {
  it('ties each row to its digest', () => {
    expect(rows.map(({ id, hash }) => [id, hash])).toEqual([
      [1, hashOf(1)],
      [2, hashOf(2)],
      [3, hashOf(3)],
    ]);
  });

  it('lets hashes that failed together come due together, so that they share a request again', () => {
    const settled = settlementOf(claim, rows, failed('transient'), false, context);
    expect(new Set(settled.rows.map(({ notBefore }) => notBefore)).size).toBe(1);
    expect(settled.rows[0]?.notBefore).toBeGreaterThan(now);
  });

  it('takes a hash that was left out, or an answer for another one, for no answer', () => {
    const answers = [answerFor(hashOf(1)), answerFor(hashOf(3))];
    const settled = settlementOf(claim, rows, answered(answers), false, context);
    expect(settled.rows.map(({ outcome, next, items }) => [outcome, next, items.length])).toEqual([
      ['answer', 'done', 1],
      ['protocol', 'retry', 0],
      ['protocol', 'retry', 0],
    ]);
    expect(settled.outcome).toBe('answer');
  });

  it('stays spent unless certainly nothing was sent, or nothing was counted', () => {
    const billed = [
      answered(rows.map(({ hash }) => answerFor(hash))),
      failed('transient'),
      failed('auth'),
      failed('transient', { sent: false }),
      failed('transient', { billed: 0 }),
    ].map((result) => settlementOf(claim, rows, result, false, context).billed);
    expect(billed).toEqual([1, 1, 1, 0, 0]);
  });

  it('says what came of it, the best first', () => {
    const of = (...outcomes: Parameters<typeof answerFor>[1][]): string =>
      settlementOf(claim, rows, answered(rows.map(({ hash }, n) => answerFor(hash, outcomes[n]))), false, context)
        .outcome;
    expect(of({ outcome: 'protocol' }, { outcome: 'not-known' }, { outcome: 'pending' })).toBe('pending');
    expect(of({ outcome: 'protocol' }, { outcome: 'transient' }, { outcome: 'protocol' })).toBe('transient');
  });
});
