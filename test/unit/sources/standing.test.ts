import { describe, expect, it } from 'vitest';
import { virustotal } from '#main/providers/virustotal/index.ts';
import { quotaOf, type StandingFacts, standingOf } from '#main/services/sources/standing.ts';

const NOW = Date.UTC(2026, 10, 22, 10, 30);
const config = { ...virustotal.facts.defaults, enabled: true };
const state = {
  source: 5,
  state: 'ready',
  reason: null,
  until: null,
  faults: 0,
  lastAnswerAt: null,
  learned: [],
  updatedAt: 0,
} as const;
const usual: StandingFacts = {
  source: 'virustotal',
  config,
  unready: null,
  offline: false,
  state,
  spends: [],
  waiting: 10,
  rechecks: 0,
  onTheWay: 0,
  hasOwner: true,
  now: NOW,
};
const spent = (window: 'minute' | 'day' | 'month', count: number, freesAt: number) =>
  [{ window, spent: count, freesAt }] as const;

describe('how a source stands', () => {
  it.each<[string, Partial<StandingFacts>, string, number | null]>([
    ['nothing waits', { waiting: 0 }, 'idle', null],
    ['hashes wait and somebody asks', {}, 'asking', null],
    ['only pending answers wait for their recheck', { rechecks: 10 }, 'waiting', null],
    ['a request is on its way', { waiting: 0, onTheWay: 1, hasOwner: false }, 'asking', null],
    ['hashes wait and nobody asks', { hasOwner: false }, 'waiting', null],
    ['the minute is full', { spends: spent('minute', 4, NOW + 9_000) }, 'waiting', NOW + 9_000],
    ['the day is full', { spends: spent('day', 500, NOW + 1) }, 'waiting', Date.UTC(2026, 10, 23)],
    ['the month is full', { spends: spent('month', 15_500, NOW + 1) }, 'waiting', Date.UTC(2026, 11, 1)],
    ['the day is full and nothing waits', { waiting: 0, spends: spent('day', 500, NOW + 1) }, 'idle', null],
    ['it refused a quota', { state: { ...state, state: 'waiting', until: NOW + 5 } }, 'waiting', NOW + 5],
    ['it rests after a fault', { state: { ...state, state: 'backing-off', until: NOW + 5 } }, 'backing-off', NOW + 5],
    ['its circuit is open', { state: { ...state, state: 'open', until: NOW + 5 } }, 'open', NOW + 5],
    ['a rest is over', { state: { ...state, state: 'open', until: NOW - 5 } }, 'asking', null],
    ['it was stopped', { state: { ...state, state: 'stopped', until: NOW + 5 } }, 'stopped', null],
    ['it was paused', { state: { ...state, state: 'paused' } }, 'paused', null],
    ['offline goes before a stop', { offline: true, state: { ...state, state: 'stopped' } }, 'offline', null],
    [
      'no key goes before offline',
      { offline: true, unready: { why: 'no-key', sentence: 'It has no key.' } },
      'no-key',
      null,
    ],
  ])('when %s', (_, change, expected, until) => {
    const standing = standingOf({ ...usual, ...change });
    expect([standing.state, standing.until]).toEqual([expected, until]);
    expect(standing.reason === '').toBe(expected === 'idle' || expected === 'asking');
    expect(standing.reason).toMatch(/^$|^[A-Z].*\.$/);
  });

  it('passes on the reason that was put down', () => {
    const reason = 'The key was refused.';
    expect(standingOf({ ...usual, state: { ...state, state: 'stopped', reason } }).reason).toBe(reason);
  });
});

describe('its windows', () => {
  it('hold the smaller of what is set and what was told; the hour shows where one is told', () => {
    const learned = [
      { window: 'hour', allowed: 100, used: 4, at: NOW },
      { window: 'day', allowed: 300, used: null, at: NOW },
      { window: 'month', allowed: 99_000, used: null, at: NOW },
    ] as const;
    const spends = [{ window: 'day', spent: 7, freesAt: NOW + 1 }] as const;
    expect(quotaOf({ config, state: { ...state, learned }, spends, now: NOW })).toEqual([
      { window: 'minute', spent: 0, limit: 4, learned: null, resetsAt: null },
      { window: 'hour', spent: 0, limit: 100, learned: 100, resetsAt: null },
      { window: 'day', spent: 7, limit: 300, learned: 300, resetsAt: NOW + 1 },
      { window: 'month', spent: 0, limit: 15_500, learned: 99_000, resetsAt: null },
    ]);
  });
});
