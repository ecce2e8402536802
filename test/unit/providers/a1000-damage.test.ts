import { expect, it } from 'vitest';
import type { RequestResult } from '#main/providers/port.ts';
import { seededRandom } from '#main/simulators/server/draw.ts';
import { asked, askedOne, entry, listText, MD5, SHA1, SHA256 } from './a1000-answers.ts';
import { withOddValue } from './odd-values.ts';

const LIST = listText(
  entry({
    classification: 'malicious',
    riskscore: 9,
    classification_result: 'Win32.Trojan.Elm',
    classification_origin: { sha1: '22'.repeat(20), md5: MD5, imphash: MD5 },
    local_first_seen: '2022-12-19T11:39:10.929115Z',
    ticloud: { classification: 'goodware', riskscore: 2, first_seen: '2019-06-20T08:00:00Z' },
  }),
);
const SINGLE = JSON.stringify({
  classification: 'malicious',
  riskscore: 9,
  data_source: 'LOCAL',
  first_seen: '2022-12-19T11:39:10Z',
  classification_origin: { sha1: '22'.repeat(20) },
  sha1: SHA1,
  sha256: SHA256,
  md5: MD5,
});

const outcomeOf = (result: RequestResult): string =>
  result.ok ? (result.answers[0]?.outcome ?? '') : result.fault.outcome;

it.each([
  ['a list', LIST, asked],
  ['a single answer', SINGLE, askedOne],
])('%s that ends anywhere before its end is never an answer', async (_, text, ask) => {
  const body = Buffer.from(text);
  const outcomes = new Set<string>();
  for (let length = 0; length < body.length; length += 1) {
    outcomes.add(outcomeOf(await ask(body.subarray(0, length))));
  }
  expect(outcomes).toEqual(new Set(['protocol']));
  expect(outcomeOf(await ask(body))).toBe('answer');
});

it.each([
  // A file without a word waits for one; a list that counts an entry it lacks leaves the hash open, never "not known".
  ['a list', LIST, asked, ['answer', 'pending', 'protocol', 'transient']],
  ['a single answer', SINGLE, askedOne, ['answer', 'pending', 'protocol']],
] as const)('%s with any value in any place is read or refused, never thrown at', async (_, text, ask, expected) => {
  const random = seededRandom(11);
  const outcomes = new Set<string>();
  for (let round = 0; round < 3000; round += 1) {
    const odd = withOddValue(text, random);
    const result = await ask(odd, { reach: 'appliance-and-cloud' });
    outcomes.add(outcomeOf(result));
  }
  expect([...outcomes].sort()).toEqual([...expected]);
});

it('a list says "not known" with 200 alone, a single look-up with a 404 that says so as well', async () => {
  const texts = [LIST, SINGLE, listText(), '{"detail":"Not found."}', '{"detail":"Not Found"}', '', '<html></html>'];
  const notKnown: string[] = [];
  for (let status = 200; status < 600; status += 1) {
    for (const [n, text] of texts.entries()) {
      for (const ask of [asked, askedOne]) {
        if (outcomeOf(await ask(text, { status })) === 'not-known') {
          notKnown.push(`${ask === asked ? 'list' : 'single'} ${status} ${n}`);
        }
      }
    }
  }
  expect(notKnown).toEqual(['list 200 2', 'single 404 3']);
});

it('only a 200 is an answer', async () => {
  const answering = new Set<number>();
  for (let status = 200; status < 600; status += 1) {
    const results = await Promise.all([asked(LIST, { status }), askedOne(SINGLE, { status })]);
    results.filter((result) => result.ok).forEach(() => answering.add(status));
  }
  expect([...answering]).toEqual([200]);
});
