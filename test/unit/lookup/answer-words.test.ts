import { expect, it } from 'vitest';
import { answerWords } from '#main/services/lookup/answer-words.ts';
import { titaniumcloud } from '#main/providers/reversinglabs-titaniumcloud/index.ts';
import { recordedFuture } from '#main/providers/recorded-future/index.ts';
import { wildfire } from '#main/providers/wildfire/index.ts';
import type { LookupSource } from '#shared/contract/lookup.ts';

type Item = NonNullable<LookupSource['item']>;
const item = (change: Partial<Item>): Item => ({
  source: 'virustotal',
  status: 'malicious',
  noAnswer: null,
  score: null,
  threat: null,
  rawCode: null,
  firstSeen: null,
  scannedAt: null,
  nextScanAt: null,
  createdAt: 0,
  since: 0,
  stale: false,
  digests: {},
  matchedBy: 'sha256',
  link: 'direct',
  ...change,
});
const engines = {
  facts: { ...wildfire.facts, score: 'engines' as const, thresholds: { malicious: 5, suspicious: 1 } },
};
const risk10 = {
  facts: { ...wildfire.facts, score: 'risk-10' as const },
  word: (code: string) => (code === 'local=goodware' ? 'goodware' : null),
};
const unset = { malicious: null, suspicious: null };

it.each([
  [engines, item({ score: 41, rawCode: 'm=41 s=0 u=30 h=1' }), unset, '41 of 72 engines', 'at least 5 engines'],
  [
    engines,
    item({ score: 41, rawCode: 'm=41 s=2 u=29 h=0' }),
    undefined,
    '41 of 72 engines, 2 suspicious',
    'at least 5 engines',
  ],
  [
    engines,
    item({ status: 'suspicious', score: 2, rawCode: 'm=2 u=70' }),
    unset,
    '2 of 72 engines',
    'at least 1 engine',
  ],
  [
    engines,
    item({ status: 'non-malicious', score: 0, rawCode: 'm=0 u=72' }),
    unset,
    '0 of 72 engines',
    'fewer than 1 engine',
  ],
  [engines, item({ score: 12, rawCode: null }), { malicious: 10, suspicious: 3 }, '12 engines', 'at least 10 engines'],
  [recordedFuture, item({ score: 89 }), undefined, 'risk 89 of 99', 'at least 65'],
  [
    recordedFuture,
    item({ status: 'non-malicious', score: 0, rawCode: 'score=0 level=0' }),
    undefined,
    'risk 0 of 99',
    'score 0 = non-malicious',
  ],
  [recordedFuture, item({ score: 89 }), { malicious: 80, suspicious: null }, 'risk 89 of 99', 'at least 80'],
  [recordedFuture, item({ status: 'suspicious', score: 30 }), unset, 'risk 30 of 99', 'at least 25'],
  [recordedFuture, item({ status: 'unknown', score: 7 }), unset, 'risk 7 of 99', 'below 25'],
  [recordedFuture, item({ score: null, rawCode: 'level=5' }), unset, '', 'Very Critical = malicious'],
  [
    risk10,
    item({ status: 'non-malicious', score: 0, rawCode: 'local=goodware' }),
    undefined,
    'risk 0 of 10',
    'goodware = non-malicious',
  ],
  [risk10, item({ rawCode: 'odd' }), undefined, '', 'odd = malicious'],
  [risk10, item({ score: 9 }), unset, 'risk 9 of 10', ''],
  [titaniumcloud, item({ score: 5, rawCode: 'MALICIOUS' }), undefined, 'threat level 5 of 5', 'MALICIOUS = malicious'],
  [
    titaniumcloud,
    item({ status: 'non-malicious', score: 0, rawCode: 'KNOWN trust=1' }),
    unset,
    'trust factor 1 of 5 (0 is most trusted)',
    'KNOWN = non-malicious',
  ],
  [
    titaniumcloud,
    item({ status: 'unknown', score: null, rawCode: 'NO_THREATS_FOUND' }),
    undefined,
    '',
    'NO_THREATS_FOUND = unknown',
  ],
  [wildfire, item({ rawCode: '1' }), undefined, 'verdict 1', 'malware = malicious'],
  [wildfire, item({ rawCode: '77', status: 'non-malicious' }), undefined, 'verdict 77', 'undocumented = non-malicious'],
  [wildfire, item({ rawCode: null }), undefined, '', ''],
  [engines, item({ status: 'pending', score: 0 }), unset, '', ''],
  [wildfire, item({ status: 'unknown', noAnswer: 'not-known', rawCode: '-102' }), undefined, '', ''],
])('an answer in words, %#', (provider, answer, threshold, score, rule) => {
  expect(answerWords(provider, answer, threshold)).toEqual({ score, rule });
});
