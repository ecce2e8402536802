import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openInlineDatabase } from '#main/db/client.ts';
import type { Database } from '#main/db/port.ts';
import { analystName } from '#main/settings/analyst.ts';
import { createPreferences } from '#main/settings/preferences.ts';
import { createSettings } from '#main/settings/settings.ts';
import { defaultPreferences, defaultSettings, type Settings } from '#shared/settings/schema.ts';

let directory: string;
let databases: Database[];
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'assay-settings-'));
  databases = [await openInlineDatabase(directory), await openInlineDatabase(directory)];
});
afterEach(async () => {
  await Promise.all(databases.map((database) => database.close()));
  await rm(directory, { recursive: true, force: true });
});

const clock = { now: () => 1_795_305_600_000 };
const settingsOf = (process: 0 | 1) => createSettings(databases[process] as Database, clock);

describe('settings', () => {
  it('start at their defaults and act in every process', async () => {
    const here = settingsOf(0);
    const there = settingsOf(1);
    expect(await here.get()).toEqual(defaultSettings());
    const heard = new Promise<Settings>((resolve) => {
      there.onChange(resolve);
    });
    const changed = await here.set({ staleAfterDays: 7, analyst: 'm.okafor', virustotalThreshold: undefined });
    expect(changed).toEqual({ ...defaultSettings(), staleAfterDays: 7, analyst: 'm.okafor' });
    expect(await there.get()).toEqual(changed);
    expect(await heard).toEqual(changed);
  });

  it('refuse a value that does not fit, and count no change where there is none', async () => {
    const settings = settingsOf(0);
    await settings.set({ staleAfterDays: 7 });
    await expect(settings.set({ analyst: 'x', staleAfterDays: 0 })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    expect(await settings.get()).toEqual({ ...defaultSettings(), staleAfterDays: 7 });
    const listener = vi.fn<(settings: Settings) => void>();
    const stop = settings.onChange(listener);
    const seq = await databases[0]?.read('lastSeq', undefined);
    await settings.set({ staleAfterDays: 7, virustotalThreshold: { malicious: null, suspicious: null } });
    expect(await databases[0]?.read('lastSeq', undefined)).toBe(seq);
    expect(listener).not.toHaveBeenCalled();
    stop();
  });

  it('name the analyst, else the account, and never nobody', async () => {
    const settings = settingsOf(0);
    expect(await analystName(settings, () => 'account')).toBe('account');
    expect(await analystName(settings, () => '')).toBe('unnamed');
    await settings.set({ analyst: ' d.reyes ' });
    expect(await analystName(settings, () => 'account')).toBe('d.reyes');
  });
});

describe('window preferences', () => {
  const path = (): string => join(directory, 'preferences.json');

  it('are kept from one start to the next', async () => {
    const columns = { 'intake.rows': { hidden: ['a.b'], widths: { verdict: 120 } } };
    expect(createPreferences(directory).get()).toEqual(defaultPreferences());
    createPreferences(directory).set({ theme: 'dark', columns });
    expect(createPreferences(directory).get()).toEqual({ ...defaultPreferences(), theme: 'dark', columns });
    expect(JSON.parse(await readFile(path(), 'utf8'))).toMatchObject({ columns });
  });

  it.skipIf(process.platform === 'win32')('can be read by their owner only', async () => {
    createPreferences(directory).set({ theme: 'dark' });
    expect((await stat(path())).mode & 0o777).toBe(0o600);
  });

  it('survive a damaged file and a value that does not fit', async () => {
    await writeFile(path(), '{"theme": "da');
    expect(createPreferences(directory).get()).toEqual(defaultPreferences());
    await writeFile(path(), JSON.stringify({ theme: 'neon', density: 'compact', unknown: 1 }));
    const preferences = createPreferences(directory);
    expect(preferences.get()).toEqual({ ...defaultPreferences(), density: 'compact' });
    expect(preferences.set({ times: 'utc' })).toEqual({ ...defaultPreferences(), density: 'compact', times: 'utc' });
  });
});
