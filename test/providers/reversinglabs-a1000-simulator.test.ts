import { afterEach, describe, expect, it } from 'vitest';
import type { SimulatorOptions } from '#main/simulators/port.ts';
import { createA1000Simulator, type A1000Simulator } from '#main/simulators/reversinglabs-a1000/simulator.ts';
import { file, KEY, NOW } from './conformance/stage.ts';

const undo: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) {
    await step();
  }
});

const LIST = '/api/samples/v2/list/';
const STATUS = '/api/samples/status/';
const single = (hash: string, query = ''): string => `/api/samples/v3/${hash}/classification/${query}`;

async function started(limits: Partial<SimulatorOptions['limits']> = {}): Promise<A1000Simulator> {
  const simulator = await createA1000Simulator({
    port: 0,
    key: KEY,
    limits: { perMinute: null, perDay: null, perMonth: null, ...limits },
    latencyMs: { least: 0, most: 0 },
    faultShare: 0,
    seed: 1,
    now: () => NOW,
    minuteMs: 60_000,
    tls: null,
  });
  undo.push(() => simulator.close());
  return simulator;
}

/** Status, body as JSON where it is some, and where a redirect leads. */
async function send(simulator: A1000Simulator, path: string, body?: unknown, change: RequestInit = {}) {
  const response = await fetch(`${simulator.url}${path}`, {
    redirect: 'manual',
    headers: { authorization: `Token ${KEY}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body) }),
    ...change,
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type') === 'application/json';
  const value = (isJson ? JSON.parse(text) : text) as {
    readonly results: readonly Readonly<Record<string, unknown>>[];
  };
  return { status: response.status, value, location: response.headers.get('location') };
}

describe('the list', () => {
  it('holds the fields that were asked for, and some only then', async () => {
    const simulator = await started();
    simulator.know({ ...file(1), status: 'malicious' });
    simulator.say(file(1).sha256, { cloud: 'goodware' });
    const fieldsOf = async (fields?: readonly string[]): Promise<readonly string[]> => {
      const { value } = await send(simulator, LIST, { hash_values: [file(1).sha1], ...(fields ? { fields } : {}) });
      return Object.keys(value.results[0] ?? {});
    };
    expect(await fieldsOf(['sha1', 'ticloud'])).toEqual(['sha1', 'ticloud']);
    const usual = await fieldsOf();
    expect(usual).toEqual(expect.arrayContaining(['md5', 'sha512', 'classification', 'riskscore', 'local_first_seen']));
    expect(usual.filter((name) => ['ticore', 'ticloud', 'summary', 'aliases'].includes(name))).toEqual([]);
  });

  it.each([
    ['no JSON', 'hello', /JSON parse error/],
    ['no hashes', {}, /required/],
    ['none of them', { hash_values: [] }, /empty/],
    ['one that is none', { hash_values: ['abc'] }, /Malformed hash: abc/],
    ['two kinds', { hash_values: [file(1).md5, file(1).sha1] }, /same type/],
    [
      'a field nobody knows',
      { hash_values: [file(1).md5], fields: ['threat_status'] },
      /Invalid field name: threat_st/,
    ],
    ['a switch that is no text', { hash_values: [file(1).md5], skip_reanalysis: true }, /"true\\" or/],
  ])('is refused with 400 for %s', async (_, body, words) => {
    const simulator = await started();
    const { status, value } = await send(simulator, LIST, body);
    expect([status, JSON.stringify(value)]).toEqual([400, expect.stringMatching(words)]);
    expect(simulator.log.map(({ billed }) => billed)).toEqual([0]);
  });

  it('names each file once, whatever case it was asked in, and only what is on the appliance', async () => {
    const simulator = await started();
    simulator.know({ ...file(1), status: 'suspicious' });
    simulator.knowInCloud({ ...file(2), status: 'malicious' });
    const hashes = [file(1).md5.toUpperCase(), file(1).md5, file(2).md5, file(3).md5];
    simulator.know({ ...file(3), status: 'unknown' });
    const { value } = await send(simulator, LIST, { hash_values: hashes, fields: ['md5'] });
    expect(value).toEqual({ count: 1, next: null, previous: null, results: [{ md5: file(1).md5 }] });
  });
});

describe('an address', () => {
  it('without its last slash leads to the one with it, before anybody looks at the token', async () => {
    const simulator = await started();
    const wrong = { headers: { authorization: 'Token wrong' } };
    expect(await send(simulator, LIST.slice(0, -1), {}, wrong)).toMatchObject({ status: 301, location: LIST });
    const path = single(file(1).md5).slice(0, -1);
    expect(await send(simulator, `${path}?localonly=1`)).toMatchObject({
      status: 301,
      location: `${path}/?localonly=1`,
    });
    expect(await send(simulator, '/api/v4/nothing/')).toMatchObject({
      status: 404,
      value: expect.stringMatching(/^<!do/),
    });
  });

  it('takes its own method, with the right token, and JSON', async () => {
    const simulator = await started();
    expect(await send(simulator, LIST)).toMatchObject({ status: 405 });
    expect(await send(simulator, single(file(1).md5), {})).toMatchObject({ status: 405 });
    expect(await send(simulator, LIST, {}, { headers: {} })).toMatchObject({
      status: 403,
      value: { detail: 'Authentication credentials were not provided.' },
    });
    for (const authorization of ['Token wrong', `Bearer ${KEY}`, KEY]) {
      expect(await send(simulator, STATUS, {}, { headers: { authorization } })).toMatchObject({
        status: 403,
        value: { detail: 'Invalid token.' },
      });
    }
    expect(await send(simulator, LIST, '{}', { headers: { authorization: `Token ${KEY}` } })).toMatchObject({
      status: 415,
    });
  });
});

it('tells what was processed, and filters by it', async () => {
  const simulator = await started();
  simulator.know({ ...file(1), status: 'malicious' });
  simulator.know({ ...file(2), status: 'pending' });
  simulator.knowInCloud({ ...file(3), status: 'malicious' });
  const hash_values = [file(1).md5, file(2).md5, file(3).md5];
  const processed = { hash_value: file(1).md5, status: 'processed' };
  const missing = [file(2).md5, file(3).md5].map((hash_value) => ({ hash_value, status: 'not_found' }));
  const results = async (query: string) => (await send(simulator, `${STATUS}${query}`, { hash_values })).value;
  expect(await results('')).toEqual({ hash_type: 'md5', results: [processed, ...missing] });
  expect(await results('?status=processed')).toEqual({ hash_type: 'md5', results: [processed] });
  expect(await results('?status=not_found')).toEqual({ hash_type: 'md5', results: missing });
});

describe('a single look-up', () => {
  it('counts against the limit of the cloud only what is not on the appliance', async () => {
    const simulator = await started({ perDay: 1 });
    simulator.know({ ...file(1), status: 'malicious' });
    simulator.know({ ...file(2), status: 'suspicious' });
    simulator.say(file(2).sha256, { local: 'unknown', cloud: 'malicious' });
    simulator.knowInCloud({ ...file(3), status: 'malicious' });
    simulator.know({ ...file(4), status: 'unknown' });
    const asked: [string, string][] = [
      [file(1).sha256, ''],
      [file(2).sha256, ''],
      [file(2).sha256, '?localonly=1'],
      [file(3).sha256, '?localonly=1'],
      [file(3).sha256, '?localonly=0'],
      [file(4).sha256, ''],
      [file(1).sha256, ''],
    ];
    const found = [];
    for (const [hash, query] of asked) {
      const { status, value } = await send(simulator, single(hash, query));
      found.push([status, (value as unknown as Record<string, unknown>)['data_source']]);
    }
    expect(found.map(([status, source]) => (source === undefined ? status : source))).toEqual([
      'LOCAL',
      'TICLOUD',
      'LOCAL',
      expect.toSatisfy((told) => told === 404 || told === 'TICLOUD'),
      'TICLOUD',
      429,
      'LOCAL',
    ]);
    expect(simulator.log.map(({ billed }) => billed)).toEqual([0, 0, 0, 0, 1, 0, 0]);
  });

  it.each([
    ['abc', '', 404],
    [file(1).md5, '?localonly=2', 400],
    [file(1).md5, '?localonly=1&av_scanners=1', 400],
  ])('of %s%s is refused with %i', async (hash, query, status) => {
    expect(await send(await started(), single(hash, query))).toMatchObject({ status });
  });
});

it('draws where files are: most on the appliance, some in its cloud alone, the same in every run', async () => {
  const hash_values = Array.from({ length: 400 }, (_, n) => file(n).sha256);
  const onAppliance = async () => {
    const { value } = await send(await started(), LIST, { hash_values, fields: ['sha256'] });
    return value.results.map((entry) => String(entry['sha256'])).toSorted();
  };
  const found = await onAppliance();
  expect(await onAppliance()).toEqual(found);
  const simulator = await started();
  const elsewhere = hash_values.filter((hash) => !found.includes(hash));
  let inCloud = 0;
  for (const hash of elsewhere) {
    const { status, value } = await send(simulator, single(hash));
    inCloud += status === 200 && (value as unknown as Record<string, unknown>)['sha256'] === hash ? 1 : 0;
  }
  // Somebody knows about 73 %; seven tenths of those are here.
  expect([found.length > 170, found.length < 240, inCloud > 60, inCloud < 115]).toEqual([true, true, true, true]);
});
