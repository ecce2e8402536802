import { describe, expect, it } from 'vitest';
import { secretVariable as variableOf } from '#main/platform/secrets/environment.ts';
import {
  changeWords,
  dryRunLacks,
  jobState,
  nextWords,
  reconcileWords,
  retryWords,
  scheduleWords,
  secretVariable,
  shortPackage,
} from '#renderer/features/sync/words.ts';
import { SYNC_SECRETS, syncSecretName } from '#shared/settings/sync-job.ts';
import { config, counts, newJob, NOW_MS, run, syncJob } from './sync-world.ts';

describe('the words of a job', () => {
  it('name the variables the secret store reads', () => {
    for (const secret of SYNC_SECRETS) {
      expect(secretVariable(7, secret)).toBe(variableOf(syncSecretName(7, secret)));
    }
  });

  it('say what it does now, before what came of the last run', () => {
    const failed = run({ state: 'failed' });
    expect(jobState(syncJob())).toBe('on schedule');
    expect(jobState(syncJob({ active: false }))).toBe('inactive');
    expect(jobState(syncJob({ lastRun: failed }))).toBe('last run failed');
    const present = run({ state: 'running', phase: 'reading ThreatConnect' });
    expect(jobState(syncJob({ lastRun: failed, presentRun: present }))).toBe('reading ThreatConnect');
    const retry = { at: NOW_MS + 19_600, why: 'tc.example answered 503.' };
    expect(jobState(syncJob({ presentRun: { ...present, retry } }))).toBe('waits to try again');
    expect([retryWords(retry, NOW_MS), retryWords(retry, NOW_MS + 30_000)]).toEqual([
      'tries again in 20 s',
      'tries again now',
    ]);
  });

  it('say when it runs next, and how often', () => {
    expect(nextWords(syncJob({ nextRunAt: NOW_MS - 1 }), NOW_MS, 'utc')).toBe('next now');
    expect(nextWords(newJob(), NOW_MS, 'utc')).toBe('inactive');
    expect([scheduleWords(config()), reconcileWords(config())]).toEqual(['every 60 minutes', 'every 24 hours']);
    const daily = config({ schedule: { kind: 'daily', at: '06:30' }, reconcileHours: null });
    expect([scheduleWords(daily), reconcileWords(daily)]).toEqual(['daily at 06:30', 'only when asked for']);
  });

  it('say what changed, and nothing of what did not', () => {
    expect(changeWords({ counts: counts({ unchanged: 9 }) })).toBe('no change');
    expect(changeWords({ counts: counts({ new: 1200, withdrawn: 9 }) })).toBe('+1,200 −9');
  });

  it('ask for what a dry run needs, which is ThreatConnect alone', () => {
    const tanium = { field: 'tanium', message: 'Tanium Password is not set.' };
    expect(dryRunLacks({ missing: [tanium] })).toBeNull();
    expect(dryRunLacks({ missing: [tanium, { field: 'accessId', message: 'Access ID is not set.' }] })).toBe(
      'Access ID is not set.',
    );
  });

  it('leave the name of the job away from its own packages only', () => {
    expect(shortPackage('Feed - File 01', 'Feed')).toBe('File 01');
    expect(shortPackage('Other - File 01', 'Feed')).toBe('Other - File 01');
  });
});
