import { expect, test } from 'vitest';
import { changeOf, settingLines } from '#main/shells/terminal/commands/settings/source-settings.ts';
import type { SourceConfig } from '#shared/settings/source-config.ts';

const config: SourceConfig = {
  enabled: true,
  url: 'https://www.virustotal.com/api/v3',
  plan: 'public',
  licenceAccepted: true,
  authStyle: 'key',
  agent: '',
  hashesPerRequest: 1,
  callsPerMinute: 4,
  callsPerDay: 500,
  callsPerMonth: null,
  concurrency: 1,
  timeoutSeconds: 30,
  verifyTls: true,
  caFile: null,
  proxy: { kind: 'manual', url: 'http://proxy.example:8080' },
  automatic: 'off',
  recheckMinutes: 15,
  rescans: true,
  newItemDays: null,
  newItemHours: 24,
  options: { reach: 'appliance', pageHost: '' },
};

test('every setting that is printed is taken back as it was', () => {
  expect(changeOf(settingLines(config))).toEqual(config);
  const other: SourceConfig = { ...config, proxy: { kind: 'none' }, caFile: '/etc/ca=1.pem', verifyTls: false };
  expect(changeOf(settingLines(other))).toEqual(other);
});

test.each([
  ['apiKey=0123456789abcdef', /never an argument/],
  ['key=0123456789abcdef', /never an argument/],
  ['0123456789abcdef', /Word 1 after the source is not name=value/],
  ['callsPerMinute=many', /^callsPerMinute:/],
  ['callsPerMinute=0', /^callsPerMinute:/],
  ['callsPerMinute=1.5', /^callsPerMinute:/],
  ['plan=free', /^plan:/],
])('%s is refused, and a key in it is not repeated', (word, sentence) => {
  expect(() => changeOf([word])).toThrow(sentence);
  expect(() => changeOf([word])).not.toThrow(/0123456789abcdef/);
});
