import { describe, expect, it } from 'vitest';
import { calls } from '#shared/contract/index.ts';
import { preferencesChangeSchema, settingsChangeSchema } from '#shared/settings/schema.ts';

describe('a change of settings', () => {
  it('holds what is changed and resets nothing else', () => {
    expect(settingsChangeSchema.parse({ staleAfterDays: 7 })).toEqual({ staleAfterDays: 7 });
    expect(preferencesChangeSchema.parse({ theme: 'dark' })).toEqual({ theme: 'dark' });
    expect(settingsChangeSchema.parse({})).toEqual({});
  });

  it('is what the contract takes', () => {
    expect(calls['settings.set'].input.parse({ analyst: 'ana' })).toEqual({ analyst: 'ana' });
    expect(calls['preferences.set'].input.parse({ times: 'utc' })).toEqual({ times: 'utc' });
  });

  it.each([{ staleAfterDays: 0 }, { staleAfterDays: '7' }, { nonsense: 1 }, { virustotalThreshold: { malicious: 5 } }])(
    'is checked like the whole: %j',
    (change) => {
      expect(settingsChangeSchema.safeParse(change).success).toBe(false);
    },
  );
});
