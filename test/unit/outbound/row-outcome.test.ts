import { describe, expect, it } from 'vitest';
import { PURPOSES } from '#shared/domain/outcome.ts';
import { NO_ANSWER_CODE } from '#main/db/codes.ts';
import { MOST_RECHECKS } from '#main/jobs/outbound/outcomes/pauses.ts';
import {
  rowAfterAbort,
  rowAfterAnswer,
  rowAfterFault,
  type AskedRow,
} from '#main/jobs/outbound/outcomes/row-outcome.ts';
import { answerFor, faultOf, hashOf } from './answers.ts';

const now = Date.UTC(2026, 10, 22, 9, 30);
const context = {
  source: 'virustotal',
  kind: 'sha256',
  now,
  recheckMs: 20 * 60_000,
  pace: 1,
  random: () => 0.5,
  asksForMore: true,
} as const;
const row = (change: Partial<AskedRow> = {}): AskedRow => ({
  id: 7,
  attempts: 0,
  purpose: 'new',
  awaits: null,
  hash: hashOf(1),
  ...change,
});

describe('an answer that a single call would complete', () => {
  const bare = (more: 'details' | 'elsewhere', outcome: 'answer' | 'not-known') =>
    answerFor(hashOf(1), { outcome, status: outcome === 'answer' ? 'malicious' : 'unknown', more });

  it('is kept, and its row waits for that call; "not known" counts when it is so everywhere', () => {
    const details = rowAfterAnswer(row(), bare('details', 'answer'), context);
    const elsewhere = rowAfterAnswer(row(), bare('elsewhere', 'not-known'), context);
    expect([details, elsewhere].map(({ next, notBefore, items }) => [next, notBefore, items.length])).toEqual([
      ['details', now, 1],
      ['elsewhere', now, 0],
    ]);
    const last = rowAfterAnswer(row(), bare('elsewhere', 'not-known'), { ...context, asksForMore: false });
    expect(last.items.map(({ noAnswer }) => noAnswer)).toEqual([NO_ANSWER_CODE['not-known']]);
  });

  it('is the last where the call is that one already, or the source has none', () => {
    const after = rowAfterAnswer(row({ awaits: 'details' }), bare('details', 'answer'), {
      ...context,
      asksForMore: false,
    });
    expect([after.next, after.items.length]).toEqual(['done', 1]);
  });

  it('stays as it was when only its details are not found', () => {
    const last = { ...context, asksForMore: false };
    const notFound = answerFor(hashOf(1), { outcome: 'not-known', status: 'unknown' });
    expect(rowAfterAnswer(row({ awaits: 'details' }), notFound, last)).toMatchObject({ next: 'done', items: [] });
    expect(rowAfterAnswer(row({ awaits: 'elsewhere' }), notFound, last).items).toHaveLength(1);
  });
});

describe('a row the source answered for', () => {
  it('leaves with an item for an answer, due again when it is stale', () => {
    const after = rowAfterAnswer(
      row(),
      answerFor(hashOf(1), { status: 'malicious', score: 9, report: { m: 9 } }),
      context,
    );
    expect(after).toEqual({
      queueId: 7,
      outcome: 'answer',
      next: 'done',
      notBefore: 0,
      reason: null,
      countAttempt: true,
      items: [
        {
          digests: { sha256: hashOf(1) },
          source: 5,
          status: 4,
          noAnswer: null,
          score: 9,
          threat: null,
          rawCode: 'm=0',
          firstSeen: null,
          scannedAt: now / 1000,
          report: '{"m":9}',
          notBefore: null,
        },
      ],
    });
  });

  it('leaves with "not known" only when the source said so', () => {
    const after = rowAfterAnswer(row(), answerFor(hashOf(1), { outcome: 'not-known', status: 'unknown' }), context);
    expect([after.next, after.items[0]?.status, after.items[0]?.noAnswer]).toEqual([
      'done',
      0,
      NO_ANSWER_CODE['not-known'],
    ]);
  });

  it('leaves with an item per file when the digest stands for several', () => {
    const other = answerFor(hashOf(1), { status: 'malicious', digests: { sha256: hashOf(2) } });
    const answer = answerFor(hashOf(1), {
      digests: { md5: hashOf(1), sha256: hashOf(3) },
      alsoAnswers: [other],
    });
    const after = rowAfterAnswer(row(), answer, { ...context, kind: 'md5' });
    expect(after.items.map((item) => [item.digests.sha256, item.digests.md5, item.status])).toEqual([
      [hashOf(3), hashOf(1), 2],
      [hashOf(2), hashOf(1), 4],
    ]);
  });

  it('waits for a recheck while it is pending, and is left at that after many', () => {
    const pending = answerFor(hashOf(1), { outcome: 'pending', status: 'pending' });
    const first = rowAfterAnswer(row(), pending, context);
    expect([first.next, first.notBefore, first.items[0]?.status]).toEqual(['recheck', now + 20 * 60_000, 1]);
    expect(first.items[0]?.notBefore).toBe((now + 20 * 60_000) / 1000);
    const last = rowAfterAnswer(row({ purpose: 'recheck', attempts: MOST_RECHECKS - 1 }), pending, context);
    expect([last.next, last.items[0]?.status]).toEqual(['done', 1]);
    // By itself it is asked again after a day.
    expect(last.items[0]?.notBefore).toBe(now / 1000 + 86_400);
  });

  it('is rechecked together with others that were asked a little earlier or later', () => {
    const pending = answerFor(hashOf(1), { outcome: 'pending', status: 'pending' });
    const at = (later: number): number =>
      rowAfterAnswer(row(), pending, { ...context, now: now + later }).notBefore - now;
    expect([1, 240_000, 600_000].map(at)).toEqual([1_800_000, 1_800_000, 1_800_000]);
    for (let later = 0; later < 1_200_000; later += 7_777) {
      const wait = at(later) - later;
      expect(wait >= 1_200_000 && wait <= 1_800_000).toBe(true);
    }
  });

  it.each([
    ['invalid-input', 0, 'done', 1],
    ['transient', 0, 'retry', 0],
    ['transient', 3, 'retry', 0],
    ['transient', 4, 'done', 1],
    ['protocol', 0, 'retry', 0],
    ['protocol', 1, 'done', 1],
  ] as const)('%s after %i tries: %s with %i items', (outcome, attempts, next, items) => {
    const after = rowAfterAnswer(row({ attempts }), answerFor(hashOf(1), { outcome, note: 'Why.' }), context);
    expect([after.next, after.items.length, after.countAttempt]).toEqual([next, items, true]);
    expect(after.items.map((item) => [item.noAnswer, item.rawCode])).toEqual(
      items === 0 ? [] : [[NO_ANSWER_CODE['could-not-ask'], 'Why.']],
    );
  });

  it('waits longer after each try', () => {
    const waits = [0, 1, 2, 3].map(
      (attempts) =>
        rowAfterAnswer(row({ attempts }), answerFor(hashOf(1), { outcome: 'transient' }), context).notBefore - now,
    );
    expect(waits).toEqual([30_000, 120_000, 600_000, 1_800_000]);
  });

  it('does not lose its rechecks to a fault', () => {
    const after = rowAfterAnswer(
      row({ purpose: 'recheck', attempts: 12 }),
      answerFor(hashOf(1), { outcome: 'transient' }),
      context,
    );
    expect(after.next).toBe('retry');
  });
});

describe('a row whose request failed as a whole', () => {
  it.each(['auth', 'quota'] as const)('waits unchanged after %s', (outcome) => {
    for (const attempts of [0, 4, 50]) {
      const after = rowAfterFault(row({ attempts }), faultOf(outcome), false, context);
      expect([after.next, after.notBefore, after.countAttempt, after.items]).toEqual(['retry', 0, false, []]);
    }
  });

  it.each(['transient', 'protocol'] as const)('counts %s only when something was sent', (outcome) => {
    const sent = rowAfterFault(row({ attempts: 1 }), faultOf(outcome), false, context);
    const unsent = rowAfterFault(row({ attempts: 4 }), faultOf(outcome, { sent: false }), false, context);
    expect([sent.next, sent.countAttempt, unsent.next, unsent.countAttempt]).toEqual(['retry', true, 'retry', false]);
    expect(rowAfterFault(row({ attempts: 4 }), faultOf(outcome), false, context).next).toBe('done');
  });

  it('is given up for invalid input only when it stood alone', () => {
    const alone = rowAfterFault(row(), faultOf('invalid-input'), true, context);
    const among = rowAfterFault(row(), faultOf('invalid-input'), false, context);
    expect([alone.next, alone.items.length, among.next, among.items.length]).toEqual(['done', 1, 'retry', 0]);
  });

  it('is never put down as not known, whatever failed', () => {
    for (const purpose of PURPOSES) {
      for (const outcome of ['auth', 'quota', 'transient', 'protocol', 'invalid-input'] as const) {
        for (const attempts of [0, 1, 4, 40]) {
          const after = rowAfterFault(row({ purpose, attempts }), faultOf(outcome), true, context);
          expect(after.items.every((item) => item.noAnswer === NO_ANSWER_CODE['could-not-ask'])).toBe(true);
        }
      }
    }
  });

  it('waits as if untried when this process broke the request off', () => {
    const after = rowAfterAbort(row({ attempts: 4 }));
    expect([after.next, after.countAttempt, after.items]).toEqual(['retry', false, []]);
  });
});
