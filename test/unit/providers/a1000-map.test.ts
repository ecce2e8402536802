import { describe, expect, it } from 'vitest';
import { a1000 } from '#main/providers/reversinglabs-a1000/index.ts';
import { decide, type Verdict, type Word } from '#main/providers/reversinglabs-a1000/verdict.ts';
import { asked, askedOne, entry, listText, MD5, SHA1, SHA256 } from './a1000-answers.ts';

const verdict = (word: Word | null): Verdict => ({
  word,
  risk: null,
  result: null,
  reason: null,
  firstSeen: null,
  lastSeen: null,
});
const answers = async (result: ReturnType<typeof asked>) => {
  const found = await result;
  return found.ok ? found.answers : found.fault;
};

describe('whose word counts', () => {
  it.each([
    ['malicious', 'goodware', 'malicious'],
    ['suspicious', 'malicious', 'suspicious'],
    ['goodware', 'malicious', 'non-malicious'],
    ['goodware', undefined, 'non-malicious'],
    ['unknown', 'goodware', 'non-malicious'],
    ['unknown', 'suspicious', 'suspicious'],
    ['unknown', 'unknown', 'unknown'],
    ['unknown', undefined, 'unknown'],
    [null, undefined, 'pending'],
    [null, 'unknown', 'pending'],
    [null, 'goodware', 'pending'],
    [null, 'suspicious', 'suspicious'],
    [null, 'malicious', 'malicious'],
    [undefined, 'malicious', 'malicious'],
    [undefined, 'unknown', 'unknown'],
    [undefined, undefined, 'unknown'],
  ] as const)('%s here and %s in the cloud', (local, cloud, status) => {
    const side = (word: Word | null | undefined): Verdict | null => (word === undefined ? null : verdict(word));
    expect(decide(side(local), side(cloud)).status).toBe(status);
  });

  it.each([
    ['local=malicious', 'malicious'],
    ['local=malicious cloud=malicious', 'malicious'],
    ['local=malicious cloud=goodware', 'malicious on the appliance, goodware in its cloud'],
    ['local=malicious cloud=unknown', 'malicious'],
    ['local=unknown cloud=goodware', 'goodware in its cloud'],
    ['local=pending cloud=malicious', 'malicious in its cloud'],
    ['cloud=suspicious', 'suspicious in its cloud'],
    ['local=unknown', null],
    ['cloud=unknown', null],
    ['', null],
    ['malicious', null],
    ['local=constructor', null],
    ['m=5 s=1', null],
  ])('%s in words', (rawCode, words) => {
    expect(a1000.word?.(rawCode)).toBe(words);
  });
});

describe('the risk', () => {
  it.each([
    ['malicious', 0],
    ['goodware', 10],
    ['suspicious', 5],
  ])('of %s decides nothing, be it %i', async (classification, riskscore) => {
    const statuses = { malicious: 'malicious', goodware: 'non-malicious', suspicious: 'suspicious' } as const;
    expect(await answers(asked(listText(entry({ classification, riskscore }))))).toMatchObject([
      { status: statuses[classification as keyof typeof statuses], score: riskscore },
    ]);
  });

  it.each([[null], [-1], [11], [2.5], ['7'], [undefined]])('that is %o is none', async (riskscore) => {
    expect(await answers(asked(listText(entry({ riskscore }))))).toMatchObject([{ outcome: 'answer', score: null }]);
  });
});

describe('links', () => {
  it('are all three digests, or the one that was asked for', async () => {
    const digests = async (fields: Readonly<Record<string, unknown>>) =>
      (await answers(asked(listText(entry(fields))))) as readonly unknown[];
    expect(await digests({})).toMatchObject([{ digests: { md5: MD5, sha1: SHA1, sha256: SHA256 } }]);
    for (const fields of [{ md5: null }, { md5: SHA1 }, { sha1: MD5 }, { sha1: 'x'.repeat(40) }]) {
      const [answer] = await digests(fields);
      expect(answer).toHaveProperty('digests', { sha256: SHA256 });
    }
  });

  it('are never those of the file a verdict came from', async () => {
    const origin = { md5: '11'.repeat(16), sha1: '22'.repeat(20), sha256: '33'.repeat(32), imphash: MD5 };
    const [answer] = (await answers(
      asked(listText(entry({ md5: undefined, classification_origin: origin }))),
    )) as readonly unknown[];
    expect(answer).toMatchObject({ digests: { sha256: SHA256 }, report: { verdictComesFrom: origin.sha1 } });
    expect(JSON.stringify(answer)).not.toContain(origin.md5);
    expect(JSON.stringify(answer)).not.toContain(MD5);
  });

  it('say nothing of where a verdict came from when it is the file itself', async () => {
    const [answer] = (await answers(
      asked(listText(entry({ md5: null, classification_origin: { sha1: SHA1.toUpperCase() } }))),
    )) as readonly unknown[];
    expect(answer).not.toHaveProperty('report.verdictComesFrom');
  });
});

describe('times', () => {
  it.each([
    ['2022-12-19T11:39:10.929115Z', 1_671_449_950],
    ['2022-12-19T11:39:10Z', 1_671_449_950],
    ['2022-12-19T11:39:10', 1_671_449_950],
    ['2022-12-19 11:39:10', 1_671_449_950],
    ['2022-12-19T12:39:10+01:00', 1_671_449_950],
    ['2022-13-19T11:39:10Z', null],
    ['1970-01-01T00:00:00Z', null],
    ['2122-12-19T11:39:10Z', null],
    ['1671449950', null],
    ['', null],
  ])('%s', async (text, seconds) => {
    expect(await answers(asked(listText(entry({ local_first_seen: text }))))).toMatchObject([{ firstSeen: seconds }]);
  });
});

describe('a hash without an entry', () => {
  const other = entry({ sha256: '33'.repeat(32) });
  it.each([
    ['an empty list', listText(), 'not-known'],
    ['a list that counts more', JSON.stringify({ count: 3, next: null, results: [] }), 'transient'],
    ['a list that goes on', JSON.stringify({ count: 0, next: 'https://a1000.example/2', results: [] }), 'transient'],
    ['a list without a count', JSON.stringify({ results: [] }), 'not-known'],
    ['an entry of another file', listText(other), 'protocol'],
    ['an entry without a digest', listText(entry({ sha256: null })), 'protocol'],
    ['an entry that is none', listText(17), 'protocol'],
    ['an entry by the wrong kind alone', listText({ md5: SHA256, classification: 'malicious' }), 'protocol'],
  ])('of %s', async (_, text, outcome) => {
    for (const reach of ['appliance', 'appliance-and-cloud'] as const) {
      const [answer] = (await answers(asked(text, { reach }))) as readonly { outcome: string; more?: string }[];
      expect(answer?.outcome).toBe(outcome);
      expect(answer?.more).toBe(outcome === 'not-known' && reach === 'appliance-and-cloud' ? 'elsewhere' : undefined);
    }
  });
});

it('an entry that names the hash and cannot be read is no answer', async () => {
  expect(await answers(asked(listText(entry({ classification: 5 }))))).toMatchObject([{ outcome: 'protocol' }]);
});

it.each([
  [{ detail: 'Invalid token.', results: [] }],
  [{ code: 503, message: 'The database is not available', count: 0, results: [] }],
])('a list with an error in it says of no hash that it is not known: %j', async (list) => {
  expect(await answers(asked(JSON.stringify(list)))).toMatchObject({ outcome: 'protocol', at: 'answer' });
});

it('beside an error, entries count and what is missing is not "not known"', async () => {
  const list = (...results: readonly unknown[]) => JSON.stringify({ count: 1, message: 'Half of it', results });
  expect(await answers(asked(list(entry())))).toMatchObject([{ outcome: 'answer', status: 'non-malicious' }]);
  expect(await answers(asked(list(entry({ sha256: '33'.repeat(32) }))))).toMatchObject([{ outcome: 'protocol' }]);
});

describe('whose a single answer is where it does not say', () => {
  const text = JSON.stringify({ classification: 'malicious', riskscore: 9, sha256: SHA256 });
  it.each([
    ['appliance', 'local=malicious'],
    ['appliance-and-cloud', 'cloud=malicious'],
  ] as const)('with reach %s', async (reach, rawCode) => {
    expect(await answers(askedOne(text, { reach }))).toMatchObject([{ status: 'malicious', rawCode }]);
  });

  it('a file that waits on the appliance is pending there', async () => {
    const waiting = JSON.stringify({ classification: null, sha256: SHA256 });
    expect(await answers(askedOne(waiting))).toMatchObject([{ outcome: 'pending' }]);
    expect(await answers(askedOne(waiting, { reach: 'appliance-and-cloud' }))).toMatchObject({ outcome: 'protocol' });
  });
});

it.each([[SHA1], ['ab'.repeat(31)], ['n/a']])('a single answer about %s is about another file', async (sha256) => {
  const text = JSON.stringify({ classification: 'goodware', data_source: 'LOCAL', sha256 });
  expect(await answers(askedOne(text))).toMatchObject({ outcome: 'protocol', at: 'answer' });
});

it('a single look-up is never sent elsewhere again', async () => {
  const text = JSON.stringify({ classification: 'unknown', data_source: 'LOCAL', sha256: SHA256 });
  const [answer] = (await answers(askedOne(text, { reach: 'appliance-and-cloud' }))) as readonly unknown[];
  expect(answer).toMatchObject({ outcome: 'not-known', rawCode: 'local=unknown' });
  expect(answer).not.toHaveProperty('more');
});

describe('its page', () => {
  const at = (url: string) => ({ ...a1000.facts.defaults, url });
  it.each([
    ['https://a1000.example', { sha1: SHA1, sha256: SHA256 }, `https://a1000.example/${SHA1}/`],
    ['https://a1000.example:8443/rl/', { sha256: SHA256 }, `https://a1000.example:8443/rl/?q=${SHA256}`],
    ['https://a1000.example', { md5: MD5 }, `https://a1000.example/?q=${MD5}`],
    ['http://127.0.0.1:8080', { sha1: SHA1 }, null],
    ['', { sha1: SHA1 }, null],
  ])('at %s', (url, digests, page) => {
    expect(a1000.page(digests, at(url))).toBe(page);
  });
});

it('cannot be asked without an address, and says so', () => {
  const { lacks, defaults, singleCalls } = a1000.facts;
  expect(lacks?.(defaults)).toContain('has no address');
  expect(lacks?.({ ...defaults, url: 'https://a1000.example' })).toBeNull();
  expect(singleCalls?.(defaults)).toBeNull();
  expect(singleCalls?.({ ...defaults, options: { reach: 'appliance-and-cloud' } })).toBe('elsewhere');
});

it('takes no more and no fewer hashes than a list holds', async () => {
  const context = { config: a1000.facts.defaults } as Parameters<typeof a1000.ask>[2];
  const signal = new AbortController().signal;
  await expect(a1000.ask([], 'sha256', context, signal)).rejects.toThrow(RangeError);
  const many = Array.from({ length: 101 }, () => SHA256);
  await expect(a1000.ask(many, 'sha256', context, signal)).rejects.toThrow(RangeError);
});
