import { describe, expect, it } from 'vitest';
import type { LifeEffects } from '#shared/contract/life.ts';
import { defaultSettings } from '#shared/settings/schema.ts';
import { run } from './stage.ts';

describe('settings', () => {
  const engine = () => {
    const sets: unknown[] = [];
    return {
      sets,
      handlers: {
        'app.bootstrap': async () => ({ settings: defaultSettings() }),
        'settings.set': async (input: object) => {
          sets.push(input);
          return { ...defaultSettings(), ...input };
        },
      },
    };
  };

  it('prints one or all', async () => {
    const all = await run(['settings', 'get'], { engine: engine() });
    expect(all.out).toContain('staleAfterDays=30\n');
    expect(all.out).toContain('virustotalThreshold.malicious=null\n');
    expect((await run(['settings'], { engine: engine() })).out).toBe(all.out);
    const one = await run(['settings', 'get', 'staleAfterDays'], { engine: engine() });
    expect(one.out).toBe('30\n');
  });

  it.each([
    ['staleAfterDays', '14', { staleAfterDays: 14 }],
    ['virustotalThreshold.malicious', '5', { virustotalThreshold: { malicious: 5, suspicious: null } }],
    ['virustotalThreshold.malicious', 'null', { virustotalThreshold: { malicious: null, suspicious: null } }],
    ['analyst', '42', { analyst: '42' }],
  ])('sets %s to %s and nothing else', async (name, value, expected) => {
    const double = engine();
    const { code } = await run(['settings', 'set', name, value], { engine: double });
    expect({ code, sets: double.sets }).toEqual({ code: 0, sets: [expected] });
  });

  it.each([
    ['staleAfterDays', '0', /staleAfterDays cannot be 0/],
    ['staleAfterDays', 'many', /staleAfterDays cannot be many/],
    ['nonsense', '1', /no setting "nonsense".*staleAfterDays/],
    ['__proto__.x', '1', /no setting/],
  ])('refuses %s = %s with exit 2', async (name, value, message) => {
    const double = engine();
    const { code, err } = await run(['settings', 'set', name, value], { engine: double });
    expect({ code, sets: double.sets }).toEqual({ code: 2, sets: [] });
    expect(err).toMatch(message);
  });

  const EFFECTS: LifeEffects = {
    sources: [
      {
        source: 'virustotal',
        rescans: true,
        why: '',
        items: 12_345,
        overdue: 678,
        overdueMalicious: 9,
        dueNextDay: 100,
        callsPerDay: 411.5,
        allowedPerDay: 250,
        fullCycleDays: 49.4,
        warning: 'These intervals take about 412 calls a day, rescans may use 250.',
      },
      {
        source: 'wildfire',
        rescans: false,
        why: 'Rescans are off for it.',
        items: 3,
        overdue: 0,
        overdueMalicious: 0,
        dueNextDay: 0,
        callsPerDay: 0.02,
        allowedPerDay: null,
        fullCycleDays: null,
        warning: '',
      },
    ],
    purge: { items: 1, files: 0 },
    size: { bytes: 1_000_000, cap: 4_000_000_000, fullInDays: 570 },
    elapsedMs: 1,
  };
  const asked = () => {
    const drafts: unknown[] = [];
    return {
      drafts,
      simulated: true,
      handlers: { 'app.bootstrap': async () => ({ settings: defaultSettings() }) },
      life: {
        effects: async (draft: unknown) => {
          drafts.push(draft);
          return EFFECTS;
        },
      },
    };
  };

  it('prints what settings come to, in force or as they would be', async () => {
    const double = asked();
    const { out } = await run(['settings', 'effects'], { engine: double });
    expect(out.split('\n')).toEqual([
      'source       items  overdue  of them malicious  due in 24 h  calls a day   allowed  full cycle, days',
      'VirusTotal  12,345      678                  9          100          412       250                49',
      'WildFire         3        0                  0            0        < 0.1  no limit                 -',
      '  VirusTotal: These intervals take about 412 calls a day, rescans may use 250.',
      '  WildFire: Not asked again: Rescans are off for it.',
      '',
      'A purge would remove 1 item, and 0 files of which nothing is left.',
      'The database is 1.00 MB of 4.00 GB, full in about 570 days as it grows now.',
      '',
    ]);
    await run(
      [
        'settings',
        'effects',
        'rescanItemDays=7',
        'notKnownDays=null',
        'virustotalThreshold.malicious=4',
        'virustotal.newItemDays=3',
        'virustotal.rescans=false',
        'recorded-future.details=off',
        'recorded-future.zeroScore=unknown',
      ],
      { engine: double },
    );
    expect(double.drafts).toEqual([
      { settings: {}, sources: {} },
      {
        settings: {
          rescanItemDays: 7,
          notKnownDays: null,
          virustotalThreshold: { malicious: 4, suspicious: null },
        },
        sources: {
          virustotal: { newItemDays: 3, rescans: false },
          'recorded-future': { options: { details: 'off', zeroScore: 'unknown' } },
        },
      },
    ]);
    const { out: json } = await run(['settings', 'effects', '--format', 'json'], { engine: double });
    expect(JSON.parse(json)).toEqual({ simulated: true, ...EFFECTS });
  });

  it.each([
    ['rescanItemDays', /"rescanItemDays" is not name=value/],
    ['rescanItemDays=0', /rescanItemDays cannot be 0: it must be at least 1\./],
    ['rescanItemDays=2.5', /rescanItemDays cannot be 2.5: it must be a whole number\./],
    ['rescanItemDays=never', /rescanItemDays cannot be never: it must be a number\./],
    ['tellFlips=yes', /tellFlips cannot be yes: it must be true or false\./],
    ['keepReports=none', /keepReports cannot be none: it must be all or malicious-and-suspicious\./],
    ['nonsense=1', /There is no setting "nonsense"\. There are staleAfterDays, /],
    ['newItemHours=5', /newItemHours is a setting of a source\. Name the source too: virustotal\.newItemHours=…\./],
    ['virustotal.rescans=perhaps', /rescans: it must be true or false\. Nothing was changed\./],
  ])('refuses %s for an effect with exit 2', async (word, message) => {
    const double = asked();
    const { code, err } = await run(['settings', 'effects', word], { engine: double });
    expect({ code, drafts: double.drafts }).toEqual({ code: 2, drafts: [] });
    expect(err).toMatch(message);
  });
});

describe('sources set', () => {
  it('names what was changed as it was typed, options of one source among them', async () => {
    const changes: unknown[] = [];
    const sources = {
      providers: [{ facts: { source: 'reversinglabs-a1000' } }],
      view: async () => ({ label: 'ReversingLabs A1000' }),
      set: async (_: string, change: unknown) => {
        changes.push(change);
        return { state: 'disabled' };
      },
    };
    const words = ['reach=appliance-and-cloud', 'url=https://a1000.example'];
    const { code, err } = await run(['sources', 'set', 'reversinglabs-a1000', ...words], { engine: { sources } });
    expect({ code, err }).toEqual({ code: 0, err: 'ReversingLabs A1000: url, reach set. State: disabled.\n' });
    expect(changes).toEqual([{ url: 'https://a1000.example', options: { reach: 'appliance-and-cloud' } }]);
  });
});

describe('sources list', () => {
  it('names a source once where the reason names it', async () => {
    const none = { items: 0, new: 0, processed: 0, rescanning: 0, malicious: 0 };
    const view = (label: string, reason: string) => ({ label, reason, state: 'waiting', quota: [], ...none });
    const views = [view('WildFire', 'WildFire is disabled.'), view('VirusTotal', 'The key was refused.')];
    const sources = { list: async () => ({ sources: views }) };
    const { err } = await run(['sources', 'list'], { engine: { sources } });
    expect(err).toBe('WildFire is disabled.\nVirusTotal: The key was refused.\n');
  });
});
