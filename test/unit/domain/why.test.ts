import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { agePhrase } from '#shared/domain/age.ts';
import { RULES, type Verdict } from '#shared/domain/basis.ts';
import { decideEntry, NEVER_ASKED } from '#shared/domain/verdict.ts';
import { explainVerdict, verdictBasisLabel } from '#shared/domain/why.ts';
import { anyEntryEvidence, anyPolicy, NOW } from './arbitrary-evidence.ts';

const verdict = (parts: Partial<Verdict>): Verdict => ({ ...NEVER_ASKED, ...parts });
const wildfire = verdict({
  status: 'malicious',
  rule: 'source',
  source: 'wildfire',
  answeredAt: NOW - 3 * 3600,
  agreeing: 2,
});

describe('explainVerdict', () => {
  it.each([
    [wildfire, { now: NOW }, 'WildFire says malicious, 3 hours ago. 2 further answers agree.'],
    [wildfire, { now: NOW, answers: 3 }, 'WildFire says malicious, 3 hours ago. All 3 answers agree.'],
    [
      { ...wildfire, agreeing: 0, flags: ['conflict', 'stale', 'weak'] },
      { now: NOW, answers: 2 },
      'WildFire says malicious, 3 hours ago. Worst of 2 answers. Another answer says non-malicious. That answer is past its rescan interval. Matched by MD5 or SHA-1 alone.',
    ],
    [
      verdict({ status: 'non-malicious', rule: 'hash-list', answeredAt: NOW - 86_400, flags: ['conflict'] }),
      { now: NOW, answers: 2 },
      'The hash list says non-malicious, added 24 hours ago. It decides over 1 other answer. Another answer says suspicious or worse.',
    ],
    [
      verdict({ rule: 'known-set', answeredAt: NOW - 100 * 86_400 }),
      { now: NOW, setName: 'Windows 11, 25H2' },
      'The known set Windows 11, 25H2 holds it; known is not a judgement.',
    ],
    [
      verdict({ rule: 'could-not-ask', source: 'virustotal' }),
      { now: NOW, reason: 'quota used up' },
      'VirusTotal could not be asked: quota used up.',
    ],
    [NEVER_ASKED, { now: NOW }, 'Nothing on this machine says anything about it, and no source was asked.'],
  ] as const)('%#', (given, context, expected) => {
    expect(explainVerdict(given, context)).toBe(expected);
  });

  it('is made of plain sentences for every verdict there can be', () => {
    fc.assert(
      fc.property(anyEntryEvidence, anyPolicy, (evidence, policy) => {
        const text = explainVerdict(decideEntry(evidence, policy, NOW), { now: NOW });
        expect(text).toMatch(/^[A-Z][^!]*\.$/);
        expect(text).not.toMatch(/undefined|null|NaN|\.\.|please/);
      }),
    );
  });
});

describe('verdictBasisLabel', () => {
  it('names the basis and how many more agree', () => {
    const labels = RULES.map((rule) => verdictBasisLabel(verdict({ rule, source: 'wildfire' })));
    expect(labels).toEqual([
      'never asked',
      'WildFire not reached',
      'WildFire does not know',
      'Known set',
      'WildFire pending',
      'Known-good set',
      'Known-bad set',
      'WildFire',
      'Hash list',
    ]);
    expect(verdictBasisLabel(wildfire)).toBe('WildFire +2');
    expect(verdictBasisLabel(verdict({ rule: 'known-good' }), 'Windows 11')).toBe('Windows 11');
  });
});

describe('agePhrase', () => {
  it.each([
    [0, 'just now'],
    [59, 'just now'],
    [60, '1 minute ago'],
    [3599, '59 minutes ago'],
    [3600, '1 hour ago'],
    [47 * 3600, '47 hours ago'],
    [48 * 3600, '2 days ago'],
    [59 * 86_400, '59 days ago'],
    [61 * 86_400, '2 months ago'],
    [800 * 86_400, '2 years ago'],
    [-30, 'just now'],
    [-3600, 'in the future'],
  ])('%s seconds is "%s"', (seconds, expected) => {
    expect(agePhrase(NOW - seconds, NOW)).toBe(expected);
  });
});
