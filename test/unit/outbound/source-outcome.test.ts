import { describe, expect, it } from 'vitest';
import type { SourceState } from '#main/db/repositories/queue-types.ts';
import { untouched } from '#main/jobs/outbound/ledger.ts';
import type { SourceContext } from '#main/jobs/outbound/outcomes/source-outcome.ts';
import { sourceAfterFault, sourceAfterSuccess } from '#main/jobs/outbound/outcomes/source-outcome.ts';
import { faultOf } from './answers.ts';

const now = Date.UTC(2026, 10, 22, 9, 30);
const MINUTE = 60_000;
const stateOf = (change: Partial<SourceState> = {}): SourceState => ({ ...untouched(5), ...change });
const context = (change: Partial<SourceContext> = {}): SourceContext => ({
  now,
  state: stateOf(),
  refusals: 1,
  isEcho: false,
  pace: 1,
  random: () => 0.5,
  ...change,
});

describe('a refused key', () => {
  it.each(['key', 'right'] as const)('stops the source (%s) without a time', (at) => {
    const change = sourceAfterFault(faultOf('auth', { at }), context());
    expect([change?.state, change?.until]).toEqual(['stopped', null]);
    expect(change?.reason).toContain('A auth fault.');
  });

  it('is not undone by what fails or succeeds beside it', () => {
    const state = stateOf({ state: 'stopped' });
    expect(sourceAfterFault(faultOf('transient'), context({ state }))).toBeNull();
    expect(sourceAfterSuccess(state, now)).toBeNull();
  });
});

describe('a refusal for a quota', () => {
  const until = (change: Parameters<typeof faultOf>[1], more: Partial<SourceContext> = {}): number =>
    (sourceAfterFault(faultOf('quota', change), context({ random: () => 0, ...more }))?.until ?? 0) - now;

  it('waits for as long as the source says', () => {
    expect(until({ window: 'minute', until: now + 17_000 })).toBe(17_000);
    expect(until({ window: 'day', until: now + 5 * 3_600_000 })).toBe(5 * 3_600_000);
  });

  it('waits a minute, two, five when it does not say', () => {
    expect([1, 2, 3, 9].map((refusals) => until({ window: 'minute' }, { refusals }) / MINUTE)).toEqual([1, 2, 5, 5]);
  });

  it('waits the longer of both when it refuses again after what it said', () => {
    expect(until({ until: now + MINUTE }, { refusals: 3 })).toBe(5 * MINUTE);
  });

  it('waits for the next day or month of UTC, and a minute', () => {
    expect(now + until({ window: 'day' })).toBe(Date.UTC(2026, 10, 23, 0, 1));
    expect(now + until({ window: 'month' })).toBe(Date.UTC(2026, 11, 1, 0, 1));
    expect(now + until({ window: 'hour' })).toBe(Date.UTC(2026, 10, 22, 10, 1));
  });

  it('believes no refusal longer than a month, and none that lies behind', () => {
    expect(until({ until: now + 400 * 86_400_000 })).toBe(32 * 86_400_000);
    expect(until({ until: now - 5 })).toBe(MINUTE);
  });

  it('keeps the longer of two waits, and faults do not count for it', () => {
    const state = stateOf({ state: 'waiting', until: now + 10 * MINUTE });
    expect(sourceAfterFault(faultOf('quota', { until: now + MINUTE }), context({ state }))).toEqual({});
    expect(sourceAfterSuccess(state, now)).toBeNull();
    expect(sourceAfterSuccess(state, now + 10 * MINUTE)?.state).toBe('ready');
  });
});

describe('faults', () => {
  const after = (faults: number): unknown => {
    const change = sourceAfterFault(faultOf('transient'), context({ state: stateOf({ faults }) }));
    return [change?.state, change?.faults, ((change?.until ?? 0) - now) / 1000];
  };

  it('slow the source down, and the fifth in a row opens the circuit with growing pauses', () => {
    expect([0, 1, 2, 3, 4, 5, 6, 7, 8, 20].map(after)).toEqual([
      ['backing-off', 1, 2],
      ['backing-off', 2, 5],
      ['backing-off', 3, 15],
      ['backing-off', 4, 30],
      ['open', 5, 60],
      ['open', 6, 300],
      ['open', 7, 900],
      ['open', 8, 1800],
      ['open', 9, 3600],
      ['open', 21, 3600],
    ]);
  });

  it('count once for requests that were on their way together', () => {
    expect(sourceAfterFault(faultOf('transient'), context({ isEcho: true }))).toBeNull();
  });

  it('are spread by a fifth to either side', () => {
    const waits = [0, 0.999].map(
      (drawn) => (sourceAfterFault(faultOf('transient'), context({ random: () => drawn }))?.until ?? 0) - now,
    );
    expect(waits).toEqual([1600, 2400]);
  });

  it('wait for as long as an overloaded source says', () => {
    expect(sourceAfterFault(faultOf('transient', { until: now + 90_000 }), context())?.until).toBe(now + 90_000);
  });

  it('are over with the first answer', () => {
    expect(sourceAfterSuccess(stateOf({ state: 'open', faults: 7, until: now }), now)).toEqual({
      state: 'ready',
      reason: null,
      until: null,
      faults: 0,
    });
    expect(sourceAfterSuccess(stateOf(), now)).toBeNull();
  });

  it('are none when the offline switch stopped it or the hash was refused', () => {
    expect(sourceAfterFault(faultOf('transient', { at: 'offline', sent: false }), context())).toBeNull();
    expect(sourceAfterFault(faultOf('invalid-input'), context())).toBeNull();
  });
});
