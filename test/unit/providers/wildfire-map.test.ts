import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { HexDigest } from '#shared/domain/hash.ts';
import { mapVerdicts } from '#main/providers/wildfire/map.ts';
import { meaningOf } from '#main/providers/wildfire/verdict-code.ts';
import type { VerdictEntry } from '#main/providers/wildfire/xml.ts';

const sha = (n: number): HexDigest => createHash('sha256').update(`file ${n}`).digest('hex') as HexDigest;
const md5 = (n: number): HexDigest => createHash('md5').update(`file ${n}`).digest('hex') as HexDigest;
const entry = (sha256: string | null, verdict: string | null, md: string | null = null): VerdictEntry => ({
  sha256,
  md5: md,
  verdict,
});
const map = (hashes: readonly HexDigest[], entries: readonly VerdictEntry[], kind: 'md5' | 'sha256' = 'sha256') =>
  mapVerdicts({ hashes, kind, cloud: 'wildfire.test' }, entries);
const outcomes = (answers: ReturnType<typeof map>): string[] => answers.map((answer) => answer.outcome);

describe('entries and the hashes they belong to', () => {
  it('are matched whatever their order: the same set gives the same answers', () => {
    const hashes = Array.from({ length: 30 }, (_, n) => sha(n));
    const codes = ['0', '1', '2', '4', '5', '-100', '-101', '-102', '-103', '-104', '7'];
    const entries = hashes.map((hash, n) => entry(hash, codes[n % codes.length] ?? '0', md5(n)));
    const expected = map(hashes, entries);
    fc.assert(
      fc.property(fc.shuffledSubarray(entries, { minLength: entries.length }), (shuffled) => {
        expect(map(hashes, shuffled)).toEqual(expected);
      }),
      { numRuns: 50 },
    );
  });

  it('gives exactly one answer per hash, and never one to a hash that no entry names', () => {
    const digest = fc.integer({ min: 0, max: 12 }).map(sha);
    const any = fc.record({
      sha256: fc.oneof(digest, fc.constant(null), fc.constant('zz')),
      md5: fc.oneof(fc.integer({ min: 0, max: 12 }).map(md5), fc.constant(null)),
      verdict: fc.oneof(fc.constantFrom('0', '1', '2', '-100', '-102', '-103', '99', 'x'), fc.constant(null)),
    });
    fc.assert(
      fc.property(fc.array(any, { maxLength: 20 }), (entries) => {
        const hashes = [0, 1, 2, 3, 4, 5, 6].map(sha);
        const answers = map(hashes, entries);
        expect(answers.map((answer) => answer.hash)).toEqual(hashes);
        for (const answer of answers.filter((each) => each.outcome === 'answer' || each.outcome === 'pending')) {
          expect(entries.some((each) => each.sha256 === answer.hash)).toBe(true);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('a stray entry keeps nameless ones from being given away', () => {
    expect(outcomes(map([sha(1), sha(2)], [entry(sha(9), '0'), entry(null, '-102')]))).toEqual([
      'protocol',
      'protocol',
    ]);
    expect(outcomes(map([sha(1)], [entry(sha(9), '0'), entry(null, '-102')]))).toEqual(['protocol']);
  });

  it('a nameless verdict is nobody’s, even of a single hash', () => {
    expect(outcomes(map([sha(1)], [entry(null, '0')]))).toEqual(['protocol']);
    expect(outcomes(map([sha(1)], [entry(null, '-102')]))).toEqual(['not-known']);
  });

  it('an MD5 is not answered by an entry that names a SHA-256 only', () => {
    expect(outcomes(map([md5(1)], [entry(sha(1), '1')], 'md5'))).toEqual(['protocol']);
  });

  it('a digest in the element of another kind names nothing', () => {
    expect(outcomes(map([sha(1)], [entry(md5(1), '1', sha(1))]))).toEqual(['protocol']);
  });
});

describe('several entries for one hash', () => {
  it('of one file become its worst, and a link they disagree on is dropped', () => {
    const [answer] = map([sha(1)], [entry(sha(1), '0', md5(1)), entry(sha(1), '1', md5(2)), entry(sha(1), '-102')]);
    expect(answer).toMatchObject({ outcome: 'answer', status: 'malicious', digests: { sha256: sha(1) } });
    expect(answer?.digests.md5).toBeUndefined();
    expect(answer?.alsoAnswers).toBeUndefined();
  });

  it('of several files keep all of them, each under its own digests', () => {
    const [answer] = map(
      [md5(1)],
      [entry(sha(1), '0', md5(1)), entry(sha(2), '2', md5(1)), entry(sha(3), '-100', md5(1))],
      'md5',
    );
    expect(answer).toMatchObject({ status: 'suspicious', digests: { md5: md5(1), sha256: sha(2) } });
    expect(answer?.alsoAnswers?.map((also) => [also.status, also.digests.sha256])).toEqual([
      ['non-malicious', sha(1)],
      ['pending', sha(3)],
    ]);
  });
});

describe('what is kept', () => {
  it('is the code, the vendor’s word and the cloud; nothing of what says nothing', () => {
    const [known, unknown] = map([sha(1), sha(2)], [entry(sha(1), '4', md5(1)), entry(sha(2), '-102', md5(2))]);
    expect(known?.report).toEqual({
      verdict: 'phishing',
      code: 4,
      md5: md5(1),
      sha256: sha(1),
      cloud: 'wildfire.test',
    });
    expect([unknown?.report, unknown?.digests]).toEqual([null, { sha256: sha(2) }]);
  });

  it('a code is an integer, written plainly', () => {
    expect(['+1', '001', ' 1', '1.0', '', 'one', '1e0', '12345678901'].map((text) => meaningOf(text)?.code)).toEqual([
      '1',
      '1',
      ...Array.from({ length: 6 }, () => undefined),
    ]);
  });
});
