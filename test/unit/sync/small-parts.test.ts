import { describe, expect, it } from 'vitest';
import { chooseLabels, labelChanges } from '#main/jobs/sync/pushing/choose-labels.ts';
import { whyGuarded } from '#main/jobs/sync/planning/guard.ts';
import { createRepeat, waitAfter } from '#main/jobs/sync/repeat.ts';
import type { ServiceFault, ServiceResult } from '#main/net/service-fault.ts';

const fault = (change: Partial<ServiceFault> = {}): ServiceFault => ({
  kind: 'server',
  message: 'no',
  httpStatus: 500,
  retryAfterMs: null,
  sent: true,
  isPassing: true,
  ...change,
});

describe('the guard', () => {
  const limits = { guardShare: 10, guardCount: 500 };
  it.each([
    [0, 0, false],
    [10, 100, false],
    [11, 100, true],
    [500, 100_000, false],
    [501, 100_000, true],
    [1, 1, true],
  ])('%i of %i', (withdrawn, sent, isStopped) => {
    expect(whyGuarded(withdrawn, sent, limits) !== null).toBe(isStopped);
  });

  it('says how many of how many, and which limit', () => {
    expect(whyGuarded(11, 100, limits)).toBe('11 of 100 indicators (11 %) would be withdrawn, more than 10 %');
    expect(whyGuarded(600, 10_000, limits)).toBe('600 of 10000 indicators (6.0 %) would be withdrawn, more than 500');
  });
});

describe('labels of a package', () => {
  it('are its most frequent tags, case not told apart, the first of the alphabet among equals', () => {
    const tags = [
      { tag: 'b', count: 2 },
      { tag: 'APT', count: 2 },
      { tag: 'apt', count: 1 },
      { tag: ' ', count: 9 },
      { tag: 'a', count: 2 },
    ];
    expect([chooseLabels(tags, 2), chooseLabels(tags, 0)]).toEqual([['APT', 'a'], []]);
  });

  it('only differences are written', () => {
    expect(labelChanges(['Apt', 'old'], ['APT', 'new'])).toEqual({ add: ['new'], remove: ['old'] });
  });
});

describe('repeating a read', () => {
  it('waits longer each time, as long as asked within a bound, and never for what does not pass', () => {
    expect([0, 1, 2, 3].map((tries) => waitAfter(fault(), tries, 0))).toEqual([1_000, 5_000, 20_000, null]);
    expect(waitAfter(fault({ kind: 'rate', retryAfterMs: 60_000 }), 0, 0)).toBe(60_000);
    expect(waitAfter(fault({ kind: 'rate', retryAfterMs: 3_600_000 }), 0, 0)).toBeNull();
    expect(waitAfter(fault({ isPassing: false }), 0, 0)).toBeNull();
    expect(waitAfter(fault({ kind: 'offline' }), 0, 0)).toBeNull();
  });

  it('asks once more after a refusal, and ends at once when it is told to', async () => {
    const asked: number[] = [];
    const waits: number[] = [];
    const refuse = async (): Promise<ServiceResult<never>> => {
      asked.push(1);
      return { ok: false, fault: fault({ kind: 'auth', httpStatus: 401, isPassing: false }) };
    };
    const ending = new AbortController();
    const repeat = createRepeat(async (_, milliseconds) => void waits.push(milliseconds), ending.signal);
    expect((await repeat(refuse)).ok).toBe(false);
    expect([asked.length, waits]).toEqual([2, [1_000]]);
    ending.abort();
    const passing = async (): Promise<ServiceResult<never>> => ({ ok: false, fault: fault() });
    expect((await repeat(passing)).ok).toBe(false);
    expect(waits).toEqual([1_000]);
  });
});
