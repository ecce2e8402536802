import { expect, it } from 'vitest';
import { preferencesSchema, settingsSchema } from '#shared/settings/schema.ts';

it('no setting or preference is a place for a secret', () => {
  const names = [...Object.keys(settingsSchema.shape), ...Object.keys(preferencesSchema.shape)];
  expect(names.filter((name) => /token|key$|apiKey|password|secret|credential/i.test(name))).toEqual([]);
});

it('every setting and preference has a default', () => {
  expect(Object.keys(settingsSchema.parse({})).sort()).toEqual(Object.keys(settingsSchema.shape).sort());
  expect(Object.keys(preferencesSchema.parse({})).sort()).toEqual(Object.keys(preferencesSchema.shape).sort());
});
