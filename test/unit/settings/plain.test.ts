import fc from 'fast-check';
import { expect, it } from 'vitest';
import { DEFAULT_PREFERENCES, DEFAULT_SETTINGS, settingFault } from '#shared/settings/plain.ts';
import { defaultPreferences, defaultSettings, settingsSchema, type Settings } from '#shared/settings/schema.ts';

const names = Object.keys(settingsSchema.shape) as (keyof Settings)[];

it('has the defaults of the schema', () => {
  expect([DEFAULT_SETTINGS, DEFAULT_PREFERENCES]).toEqual([defaultSettings(), defaultPreferences()]);
});

it('accepts what the schema accepts, and nothing else', () => {
  const limit = fc.oneof(fc.constantFrom(null, 0, -0, -1, 0.5, NaN, Infinity, undefined), fc.double());
  const value = fc.oneof(
    fc.anything(),
    fc.integer({ min: -2, max: 3_655 }),
    fc.constantFrom(1, 3_650, 3_651, 0, 1.5, 2 ** 53, '', 'x'.repeat(120), 'x'.repeat(121)),
    fc.record({ malicious: limit, suspicious: limit }, { requiredKeys: [] }),
    fc.record({ malicious: limit, suspicious: limit, more: fc.anything() }),
  );
  fc.assert(
    fc.property(fc.constantFrom(...names), value, (name, candidate) => {
      // Nothing at all means the default to the schema; a stored value is never that.
      fc.pre(candidate !== undefined);
      expect(settingFault(name, candidate) === null).toBe(settingsSchema.shape[name].safeParse(candidate).success);
    }),
    { numRuns: 2_000 },
  );
});
