import { afterEach, describe, expect, it } from 'vitest';
import type { SourceConfig } from '#shared/settings/source-config.ts';
import type { HttpRequest } from '#main/net/port.ts';
import type { ProviderContext } from '#main/providers/port.ts';
import { titaniumcloud } from '#main/providers/reversinglabs-titaniumcloud/index.ts';
import type { Fault } from '#main/simulators/port.ts';
import { SIMULATED_USER } from '#main/simulators/reversinglabs-titaniumcloud/api.ts';
import { createTitaniumCloudSimulator } from '#main/simulators/reversinglabs-titaniumcloud/simulator.ts';
import { clearStages, file, NOW, stage, type StageOptions } from './conformance/stage.ts';

afterEach(clearStages);

const EICAR = '275a021bbfb6489e54d471899f7db9d1663fc695ec2fe2a2c4538aabf651fd0f';
const NONE = { window: null, waitMs: null };
const withUser = (username: string): Partial<SourceConfig> => ({
  options: { ...titaniumcloud.facts.defaults.options, username },
});
const started = (options: StageOptions = {}) =>
  stage(
    {
      provider: titaniumcloud,
      start: createTitaniumCloudSimulator,
      config: withUser(SIMULATED_USER),
      cannotTake: [],
      links: [],
      quota: { minute: NONE, day: NONE, month: NONE },
      testBills: 0,
      batch: null,
    },
    options,
  );
const json = (status: number, value: unknown): Fault => ({
  kind: 'status',
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(value),
});
const bare = (status: number): Fault => ({ kind: 'status', status });
const USAGE = json(200, { rl: { usage_report: [{ product: 'TCA-0101 File Reputation', number_of_queries: 40 }] } });

describe('without a user name', () => {
  it('nothing is sent, and both asking and testing say what to set', async () => {
    const { ask, test, simulator } = await started({ config: withUser('') });
    const message =
      'ReversingLabs TitaniumCloud needs a user name beside the password that is its key. ' +
      'Set the option username in its settings.';
    expect(await ask([file(1).sha256, file(2).sha256], 'sha256')).toMatchObject({
      ok: false,
      fault: { outcome: 'auth', at: 'key', message, sent: false },
    });
    expect(await test()).toMatchObject({ ok: false, at: 'key', message, billed: 0, httpStatus: null });
    expect(simulator.log).toEqual([]);
  });

  it('another one is refused like a wrong password', async () => {
    const { test } = await started({ config: withUser('u/simulated/other') });
    expect(await test()).toMatchObject({ ok: false, at: 'key', httpStatus: 401, billed: 0 });
  });
});

describe('the connection test', () => {
  it('tells what is left of the day and learns the limits', async () => {
    const limits = { perMinute: 100, perDay: 500, perMonth: 9000 };
    const { ask, test } = await started({ simulator: { limits } });
    await ask([file(1).sha256, file(2).sha256], 'sha256');
    expect(await test()).toMatchObject({
      ok: true,
      billed: 0,
      message:
        'ReversingLabs TitaniumCloud answers, and takes the user name and the password; ' +
        '498 of 500 hashes left this day; 9000 hashes a month.',
      learned: [
        { window: 'day', allowed: 500, used: 2 },
        { window: 'month', allowed: 9000, used: null },
      ],
    });
  });

  it.each([
    ['without an envelope', { limits: [{ product: 'TCA-0101', daily_limit: 90 }] }, [90]],
    ['of another product', { rl: { limits: [{ product: 'TCA-0104', daily_limit: 90 }] } }, []],
    ['of two entries', { limits: [1, 2].map((n) => ({ product: 'TCA-0101', daily_limit: 90 * n })) }, []],
    [
      'of two numbers for the day',
      { limits: [{ product: 'TCA-0101', daily_limit: 90, limits: [{ limit_type: 'daily', limit: 80 }] }] },
      [],
    ],
    ['of another window', { limits: [{ product: 'TCA-0101', limits: [{ limit_type: 'yearly', limit: 80 }] }] }, []],
    ['of zero, which is told where there is none', { limits: [{ product: 'TCA-0101', daily_limit: 0 }] }, []],
    ['in words', { limits: [{ product: 'TCA-0101', daily_limit: 'many' }] }, []],
  ])('believes a limit only where it is certain: %s', async (_, answer, allowed) => {
    const { test, simulator } = await started();
    simulator.script([USAGE, json(200, answer)]);
    const found = await test();
    expect(found).toMatchObject({ ok: true, billed: 0 });
    expect(found.learned.map((limit) => limit.allowed)).toEqual(allowed);
  });

  it.each([bare(403), bare(500), { kind: 'html' } as const, { kind: 'cut' } as const])(
    'is content with the usage where the limits cannot be read',
    async (fault) => {
      const { test, simulator } = await started();
      simulator.script([USAGE, fault]);
      expect(await test()).toMatchObject({ ok: true, httpStatus: 200, billed: 0, learned: [] });
    },
  );

  it.each([
    ['forbidden', bare(403)],
    ['not found', bare(404)],
    ['something else', json(200, { rl: {} })],
  ])('looks one well-known file up where the usage is %s: one hash', async (_, fault) => {
    const { test, simulator } = await started();
    simulator.script([fault]);
    expect(await test()).toMatchObject({ ok: true, at: null, billed: 1, learned: [] });
    expect(simulator.log.map(({ hashes, billed }) => ({ hashes, billed })).slice(1)).toEqual([
      { hashes: [EICAR], billed: 1 },
    ]);
  });

  it('never looks up a file that may not leave the machine', async () => {
    const sent: HttpRequest[] = [];
    const found = await titaniumcloud.test(
      { ...contextWith(sent, 403, ''), isTestHashKept: true },
      new AbortController().signal,
    );
    expect(found).toMatchObject({ ok: false, at: 'input', billed: 0 });
    expect(sent.map(({ label }) => label)).toEqual(['GET /api/customer_usage/v1/usage/daily']);
  });
});

it.each([
  [400, 0],
  [401, 0],
  [403, 0],
  [404, 0],
  [408, undefined],
  [429, 0],
  [500, undefined],
  [504, undefined],
])('a refusal is not counted, what a gateway may have lost is: %i', async (status, billed) => {
  const { ask, simulator } = await started();
  simulator.script([bare(status)]);
  const found = await ask([file(1).md5, file(2).md5], 'md5');
  expect(found.ok ? 'answered' : found.fault.billed).toBe(billed);
});

it('password and user name are in the header alone, and what a server repeats of it is not shown', async () => {
  const sent: HttpRequest[] = [];
  const basic = Buffer.from('u/team/one:pass word/with?odd#signs').toString('base64');
  const said = `<rl><error>Basic ${basic} for 'pass word/with?odd#signs'</error></rl>`;
  const found = await titaniumcloud.ask(
    [file(1).md5, file(2).md5],
    'md5',
    contextWith(sent, 401, said),
    new AbortController().signal,
  );
  expect(sent.map(({ url, label, headers }) => ({ url, label, authorization: headers['authorization'] }))).toEqual([
    {
      url: 'https://127.0.0.1/api/databrowser/malware_presence/bulk_query/json?extended=true&show_hashes=true',
      label: 'POST /api/databrowser/malware_presence/bulk_query/json',
      authorization: `Basic ${basic}`,
    },
  ]);
  expect(found).toMatchObject({ ok: false, fault: { outcome: 'auth', at: 'key' } });
  expect(JSON.stringify(found)).not.toMatch(/pass word|dS90ZWFt/);
});

function contextWith(sent: HttpRequest[], status: number, body: string): ProviderContext {
  const { defaults } = titaniumcloud.facts;
  return {
    config: { ...defaults, url: 'https://127.0.0.1/', options: { ...defaults.options, username: 'u/team/one' } },
    key: 'pass word/with?odd#signs',
    http: {
      async send(request) {
        sent.push(request);
        return { ok: true, response: { status, headers: {}, body: Buffer.from(body), elapsedMs: 1 } };
      },
      close: async () => undefined,
    },
    threshold: { malicious: null, suspicious: null },
    now: () => NOW,
  };
}
