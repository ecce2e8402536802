import { describe, expect, it } from 'vitest';
import type { SourceState } from '#main/db/repositories/queue-types.ts';
import { untouched } from '#main/jobs/outbound/ledger.ts';
import { stateSentence } from '#main/services/outbound/sentence.ts';
import { rescanWaitOf, waitOf, type SourceNow } from '#main/services/outbound/waits.ts';
import { plainConfig } from './answers.ts';

const now = Date.UTC(2026, 10, 22, 9, 30);
const MINUTE = 60_000;
const unlimited = { minute: null, hour: null, day: null, month: null };
const source = (state: Partial<SourceState> = {}, change: Partial<SourceNow> = {}): SourceNow => ({
  state: { ...untouched(5), ...state },
  config: plainConfig,
  unready: null,
  limits: unlimited,
  rescanLimits: unlimited,
  spends: [],
  now,
  ...change,
});
const spend = (window: 'minute' | 'day' | 'month', spent: number, freesAt: number | null = null) => ({
  window,
  spent,
  freesAt,
});

describe('what a source waits for', () => {
  it.each<readonly [string, SourceNow, readonly [string, number | null, boolean]]>([
    ['nothing', source(), ['', null, false]],
    ['a person who paused it', source({ state: 'paused' }), ['resume', null, true]],
    ['another key', source({ state: 'stopped' }), ['its key or settings to change', null, true]],
    ['a key', source({}, { unready: 'It has no key.' }), ['a key', null, true]],
    [
      'being switched on',
      source({}, { unready: 'It is disabled.', config: { ...plainConfig, enabled: false } }),
      ['the source to be enabled', null, true],
    ],
    [
      'the end of a refusal',
      source({ state: 'waiting', until: now + 17 * MINUTE }),
      ['its quota, refused until 09:47 UTC', now + 17 * MINUTE, false],
    ],
    [
      'the end of a refusal on another day',
      source({ state: 'waiting', until: Date.UTC(2026, 11, 1, 0, 1) }),
      ['its quota, refused until 1 Dec 00:01 UTC', Date.UTC(2026, 11, 1, 0, 1), false],
    ],
    ['nothing after a refusal ended', source({ state: 'waiting', until: now - 1 }), ['', null, false]],
    [
      'a moment after a fault',
      source({ state: 'backing-off', until: now + MINUTE }),
      ['09:31 UTC, after a fault', now + MINUTE, false],
    ],
    [
      'a probe',
      source({ state: 'open', until: now + MINUTE }),
      ['a probe at 09:31 UTC, after faults', now + MINUTE, false],
    ],
    [
      'its minute',
      source({}, { limits: { ...unlimited, minute: 4 }, spends: [spend('minute', 4, now + 9_000)] }),
      ['4 a minute', now + 9_000, false],
    ],
    [
      'the longest of two full windows',
      source(
        {},
        { limits: { ...unlimited, minute: 4, day: 500 }, spends: [spend('minute', 4, now + 9_000), spend('day', 500)] },
      ),
      ['its day, 23 Nov 00:00 UTC', Date.UTC(2026, 10, 23), false],
    ],
    [
      'its month',
      source({}, { limits: { ...unlimited, month: 15_500 }, spends: [spend('month', 15_500)] }),
      ['its month, 1 Dec 00:00 UTC', Date.UTC(2026, 11, 1), false],
    ],
  ])('%s', (_name, of, [phrase, until, isHeld]) => {
    expect(waitOf(of)).toEqual({ phrase, until, isHeld });
  });
});

describe('what rescans of a source wait for', () => {
  const limits = { ...unlimited, minute: 4, day: 500 };
  const rescanLimits = { ...limits, day: 250 };

  it('is their share of a window, while others go on', () => {
    const of = source({}, { limits, rescanLimits, spends: [spend('day', 250)] });
    expect([waitOf(of).phrase, rescanWaitOf(of)]).toEqual([
      '',
      { phrase: "its day's share for rescans, 23 Nov 00:00 UTC", until: Date.UTC(2026, 10, 23), isHeld: false },
    ]);
  });

  it('is what all of the source wait for, where there is such a thing', () => {
    expect(rescanWaitOf(source({ state: 'paused' }, { rescanLimits })).phrase).toBe('resume');
    expect(rescanWaitOf(source({}, { limits, rescanLimits, spends: [spend('day', 500)] })).phrase).toBe(
      'its day, 23 Nov 00:00 UTC',
    );
  });
});

describe('the sentence about it all', () => {
  const owner = { pid: 1, shell: 'electron', since: now, isThis: true };
  const state = { owner, offline: false, depth: 0, inFlight: 0 };
  it.each([
    [state, [], 'Nothing waits to be asked.'],
    [{ ...state, inFlight: 2 }, [], 'The last requests are on their way.'],
    [{ ...state, offline: true }, [], 'Offline: nothing leaves this machine.'],
    [{ ...state, offline: true, depth: 1 }, [], 'Offline: nothing leaves this machine; 1 hash waits.'],
    [
      { ...state, owner: null, depth: 1_234 },
      [],
      '1,234 hashes wait, and no process asks sources now. An open window or "assay run" does.',
    ],
    [
      { ...state, depth: 5 },
      [
        { source: 'virustotal', waiting: 3, waitingFor: '4 a minute' },
        { source: 'wildfire', waiting: 2, waitingFor: '' },
      ],
      '5 hashes wait: asking WildFire; VirusTotal waits for 4 a minute.',
    ],
    [
      { ...state, depth: 5 },
      (['wildfire', 'recorded-future', 'virustotal'] as const).map((id) => ({
        source: id,
        waiting: 1,
        waitingFor: '',
      })),
      '5 hashes wait: asking WildFire, Recorded Future and VirusTotal.',
    ],
  ] as const)('%#', (of, activities, sentence) => {
    expect(stateSentence(of, activities)).toBe(sentence);
  });
});
