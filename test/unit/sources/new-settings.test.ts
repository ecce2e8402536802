import { describe, expect, it } from 'vitest';
import type { SourceConfig } from '#shared/settings/source-config.ts';
import type { SourceState } from '#main/db/repositories/queue-types.ts';
import { untouched } from '#main/jobs/outbound/ledger.ts';
import { afterNews, newsOf } from '#main/services/sources/new-settings.ts';
import { plainConfig } from '../outbound/answers.ts';

const NOW = Date.UTC(2026, 10, 22, 9);
const SOON = NOW + 60_000;
const MIDNIGHT = Date.UTC(2026, 10, 23) + 60_000;
const DECEMBER = Date.UTC(2026, 11, 1) + 60_000;
const READY = { state: 'ready', reason: null, until: null, faults: 0 };

const waiting = (until: number): SourceState => ({ ...untouched(5), state: 'waiting', reason: 'Quota.', until });
const OPTIONS = [
  { name: 'user', label: 'User', hint: 'Whose key it is.', choices: null, namesAccount: true },
  { name: 'taste', label: 'Taste', hint: 'A matter of taste.', choices: null },
] as const;
const after = (state: SourceState, change: Partial<SourceConfig>) =>
  afterNews(state, newsOf(plainConfig, { ...plainConfig, ...change }, OPTIONS), NOW);

describe('a wait after a refusal', () => {
  it.each([
    ['a short one, with any other limit', SOON, { callsPerDay: 7 }, true],
    ['a short one, with another minute', SOON, { callsPerMinute: 7 }, true],
    ['a short one, with nothing about limits', SOON, { concurrency: 3 }, false],
    ['of the day, with another minute', MIDNIGHT, { callsPerMinute: 7 }, false],
    ['of the day, with another day', MIDNIGHT, { callsPerDay: 7 }, true],
    ['of the day that the source told itself', NOW + 6 * 3_600_000, { callsPerMinute: 7 }, false],
    ['of the month, with another day', DECEMBER, { callsPerDay: 7 }, false],
    ['of the month, with another month', DECEMBER, { callsPerMonth: 7 }, true],
    ['of the month, at another address', DECEMBER, { url: 'http://127.0.0.1:9' }, true],
    ['of the month, with another plan', DECEMBER, { plan: 'public' }, true],
    ['of the month, under another user name', DECEMBER, { options: { user: 'u/other' } }, true],
    ['of the month, with another option', DECEMBER, { options: { taste: 'sweet' } }, false],
  ] as const)('%s', (_what, until, change, isOver) => {
    expect(after(waiting(until), change)).toEqual(isOver ? READY : null);
  });

  it('of any length ends with another key', () => {
    expect(afterNews(waiting(DECEMBER), { isAnotherAccount: true, windows: [] }, NOW)).toEqual(READY);
  });
});

describe('what is remembered besides', () => {
  const day = { window: 'day', allowed: 50, used: 3, at: 1 } as const;
  const learned: SourceState['learned'] = [day, { window: 'minute', allowed: 2, used: null, at: 1 }];

  it('of limits is what a refusal taught, as long as the account and the limits are the same', () => {
    expect(after({ ...untouched(5), learned }, { callsPerDay: 7 })).toEqual({ learned: [day] });
    expect(after({ ...untouched(5), learned }, { timeoutSeconds: 7 })).toBeNull();
    expect(after({ ...untouched(5), learned }, { url: 'http://127.0.0.1:9' })).toEqual({ learned: [] });
  });

  it.each(['stopped', 'open', 'backing-off'] as const)('as %s is over with any change', (state) => {
    expect(after({ ...untouched(5), state, faults: 3 }, { timeoutSeconds: 7 })).toEqual(READY);
  });

  it('as a pause stays', () => {
    expect(after({ ...untouched(5), state: 'paused' }, { url: 'http://127.0.0.1:9' })).toBeNull();
    const covered = { ...untouched(5), state: 'paused', until: MIDNIGHT } as const;
    expect(after(covered, { url: 'http://127.0.0.1:9' })).toEqual({ until: null });
  });
});
