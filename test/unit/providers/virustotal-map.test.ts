import { describe, expect, it } from 'vitest';
import { engines, read } from './virustotal-answers.ts';

const counts = (malicious: number, suspicious: number, undetected = 60): Readonly<Record<string, number>> => ({
  malicious,
  suspicious,
  undetected,
});

describe('status and score', () => {
  it.each([
    [0, 0, 'non-malicious', 0],
    [0, 1, 'suspicious', 1],
    [1, 0, 'suspicious', 1],
    [4, 0, 'suspicious', 4],
    [4, 9, 'suspicious', 4],
    [0, 9, 'suspicious', 4],
    [5, 0, 'malicious', 5],
    [5, 9, 'malicious', 5],
    [66, 2, 'malicious', 66],
  ])(
    '%i malicious and %i suspicious are %s, score %i, by the own thresholds',
    (malicious, suspicious, status, score) => {
      expect(read(engines(counts(malicious, suspicious)))).toMatchObject({
        outcome: 'answer',
        status,
        score,
        rawCode: `m=${malicious} s=${suspicious} u=60 h=0`,
      });
    },
  );

  it.each([
    [{ malicious: 10, suspicious: 5 }, 9, 0, 'suspicious', 9],
    [{ malicious: 10, suspicious: 5 }, 2, 2, 'non-malicious', 4],
    [{ malicious: 10, suspicious: 5 }, 2, 20, 'suspicious', 9],
    [{ malicious: 1, suspicious: null }, 1, 0, 'malicious', 1],
    [{ malicious: 1, suspicious: null }, 0, 3, 'suspicious', 0],
    [{ malicious: 0, suspicious: null }, 0, 0, 'malicious', 0],
    [{ malicious: null, suspicious: 3 }, 2, 0, 'non-malicious', 2],
  ])('thresholds of the user decide: %o, %i malicious, %i suspicious', (threshold, m, s, status, score) => {
    expect(read(engines(counts(m, s)), threshold)).toMatchObject({ status, score });
  });

  it('counts the engines where the sums did not come', () => {
    const { last_analysis_results } = engines({ malicious: 6, suspicious: 1, harmless: 2, undetected: 3, timeout: 4 });
    expect(read({ last_analysis_results })).toMatchObject({ status: 'malicious', rawCode: 'm=6 s=1 u=3 h=2' });
  });

  it.each([
    ['no attribute of either kind', {}],
    ['null', { last_analysis_stats: null, last_analysis_results: null }],
    ['no engine', { last_analysis_stats: { malicious: 3 }, last_analysis_results: {} }],
    ['sums of zero', { ...engines({ undetected: 3 }), last_analysis_stats: { undetected: 0 } }],
    ['no engine that could tell', engines({ timeout: 9, failure: 1, 'type-unsupported': 60 })],
  ])('is pending with %s', (_, attributes) => {
    expect(read(attributes)).toMatchObject({ outcome: 'pending', status: 'pending', score: null });
  });

  it.each([[-1], [1.5], ['3'], [true]])('a count of %o makes the answer unreadable', (malicious) => {
    expect(() => read({ ...engines({ undetected: 3 }), last_analysis_stats: { malicious, undetected: 3 } })).toThrow(
      'unreadable at data.attributes.last_analysis_stats.malicious',
    );
  });
});

describe('what is told besides', () => {
  const plain = engines({ undetected: 3 });

  it.each([
    [1_718_870_400, 1_718_870_400],
    [0, null],
    [-5, null],
    [1.5, null],
    ['1718870400', null],
    [99_999_999_999, null],
  ])('first submitted at %o is %o', (date, firstSeen) => {
    expect(read({ ...plain, first_submission_date: date })).toMatchObject({ firstSeen, status: 'non-malicious' });
  });

  it('takes the label, else the most frequent name, else none', () => {
    const name = [{ value: 'emotet', count: 20 }, { value: 'zbot' }];
    const threat = (classification: unknown): string | null =>
      read({ ...plain, popular_threat_classification: classification }).threat;
    expect([
      threat({ suggested_threat_label: 'trojan.emotet/zbot', popular_threat_name: name }),
      threat({ popular_threat_name: name }),
      threat({ suggested_threat_label: null, popular_threat_name: [] }),
      threat('emotet'),
      threat(null),
    ]).toEqual(['trojan.emotet/zbot', 'emotet', null, null, null]);
  });

  it('links digests only when all three are well formed', () => {
    const links = (change: Readonly<Record<string, unknown>>): readonly string[] =>
      Object.keys(read({ ...plain, ...change }).digests).sort();
    expect(links({})).toEqual(['md5', 'sha1', 'sha256']);
    for (const change of [{ md5: null }, { sha1: 'ab' }, { sha256: null }, { md5: 'zz'.repeat(16) }, { sha1: 7 }]) {
      expect(links(change)).toEqual(['sha256']);
    }
  });

  it('keeps a compact report without what a terminal would obey', () => {
    const report = read({
      ...engines({ malicious: 20, suspicious: 2, undetected: 50 }),
      meaningful_name: '\u001b[2Jinvoice\u202Efdp.exe\r\n',
      names: Array.from({ length: 40 }, (_, n) => `${'x'.repeat(300)}${n}`),
      tags: Array.from({ length: 40 }, (_, n) => `tag${n}`),
      trusted_verdict: { verdict: 'goodware', organization: 'Example', link: 'https://example.com' },
      total_votes: { harmless: 1, malicious: null },
      reputation: -3,
    }).report;
    expect(report).toMatchObject({
      flaggedBy: 22,
      name: '[2Jinvoice fdp.exe',
      trusted: { verdict: 'goodware', organization: 'Example' },
      votes: { harmless: 1 },
      reputation: -3,
    });
    const { engines: flagging, names, tags } = report as Record<string, readonly unknown[]>;
    expect([flagging?.length, names?.length, tags?.length]).toEqual([15, 10, 20]);
    expect(flagging?.[0]).toEqual({ engine: 'malicious-00', category: 'malicious', result: 'Trojan.0' });
    expect(JSON.stringify(report).length).toBeLessThan(5000);
  });

  it('cuts no character in half and takes none that is half', () => {
    const name = (text: string): unknown => read({ ...plain, meaningful_name: text }).report?.['name'];
    expect([name(`${'x'.repeat(198)}\u{1F600}yz`), name('a\uD83Db')]).toEqual([`${'x'.repeat(198)}…`, 'a\uFFFDb']);
  });

  it('reads every engine it can when one of them is odd', () => {
    const { last_analysis_results } = engines({ malicious: 5 });
    const odd = { ...(last_analysis_results as object), Odd: null, Odder: { category: 'malicious', engine_name: 7 } };
    const answer = read({ last_analysis_results: odd });
    expect(answer).toMatchObject({ status: 'malicious', rawCode: 'm=6 s=0 u=0 h=0' });
    expect(answer.report?.['engines']).toContainEqual({ engine: 'Odder', category: 'malicious', result: null });
  });
});
