import { expect, it } from 'vitest';
import type { HttpResult } from '#main/net/port.ts';
import type { ProviderContext, RequestResult } from '#main/providers/port.ts';
import { virustotal } from '#main/providers/virustotal/index.ts';
import { seededRandom } from '#main/simulators/server/draw.ts';
import { engines, errorText, fileText, NOW, SHA256 } from './virustotal-answers.ts';
import { withOddValue } from './odd-values.ts';

const FILE = fileText({
  ...engines({ malicious: 6, undetected: 3 }),
  names: ['a.exe'],
  popular_threat_classification: { suggested_threat_label: 'trojan.a/b', popular_threat_name: [{ value: 'a' }] },
  total_votes: { harmless: 0, malicious: 2 },
  first_submission_date: 1_718_870_400,
});

async function asked(status: number, body: Uint8Array, headers: Record<string, string> = {}): Promise<RequestResult> {
  const result: HttpResult = { ok: true, response: { status, headers, body, elapsedMs: 1 } };
  const context: ProviderContext = {
    config: virustotal.facts.defaults,
    key: 'the-key-of-the-test',
    http: { send: async () => result, close: async () => undefined },
    threshold: { malicious: null, suspicious: null },
    now: () => NOW,
  };
  return virustotal.ask([SHA256], 'sha256', context, new AbortController().signal);
}

const outcomeOf = (result: RequestResult): string =>
  result.ok ? (result.answers[0]?.outcome ?? '') : result.fault.outcome;

it('a body that ends anywhere before its end is never an answer', async () => {
  const body = Buffer.from(FILE);
  const outcomes = new Set<string>();
  for (let length = 0; length < body.length; length += 1) {
    outcomes.add(outcomeOf(await asked(200, body.subarray(0, length))));
  }
  expect(outcomes).toEqual(new Set(['protocol']));
  expect(outcomeOf(await asked(200, body))).toBe('answer');
});

it('any value in any place is read or refused, never thrown at', async () => {
  const random = seededRandom(11);
  const outcomes = new Map<string, number>();
  for (let round = 0; round < 3000; round += 1) {
    const odd = withOddValue(FILE, random);
    const outcome = outcomeOf(await asked(200, Buffer.from(odd)));
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  }
  expect([...outcomes.keys()].sort()).toEqual(['answer', 'pending', 'protocol']);
});

it('only a 404 that names NotFoundError is "no record", whatever the status and the words', async () => {
  const texts = [
    FILE,
    errorText('NotFoundError', 'File not found'),
    errorText('Other'),
    '',
    'not found',
    '<html></html>',
  ];
  const notKnown: string[] = [];
  for (let status = 200; status < 600; status += 1) {
    for (const [n, text] of texts.entries()) {
      if (outcomeOf(await asked(status, Buffer.from(text))) === 'not-known') {
        notKnown.push(`${status} ${n}`);
      }
    }
  }
  expect(notKnown).toEqual(['404 1']);
});

it('only a 200 is an answer', async () => {
  const answering: number[] = [];
  for (let status = 200; status < 600; status += 1) {
    if ((await asked(status, Buffer.from(FILE))).ok) {
      answering.push(status);
    }
  }
  expect(answering).toEqual([200]);
});
