import { afterEach, describe, expect, it } from 'vitest';
import type { HttpRequest } from '#main/net/port.ts';
import { virustotal } from '#main/providers/virustotal/index.ts';
import type { Fault } from '#main/simulators/port.ts';
import { createVirusTotalSimulator } from '#main/simulators/virustotal/simulator.ts';
import { clearStages, file, KEY, NOW, stage, type StageOptions } from './conformance/stage.ts';

afterEach(clearStages);

const EICAR = '275a021bbfb6489e54d471899f7db9d1663fc695ec2fe2a2c4538aabf651fd0f';
const started = (options: StageOptions = {}) =>
  stage(
    {
      provider: virustotal,
      start: createVirusTotalSimulator,
      cannotTake: [],
      links: [],
      quota: { minute: NONE, day: NONE, month: NONE },
      testBills: 0,
      batch: null,
    },
    options,
  );
const NONE = { window: null, waitMs: null };
const json = (status: number, value: unknown): Fault => ({
  kind: 'status',
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(value),
});
const error = (status: number, code: string): Fault => json(status, { error: { code, message: 'No.' } });

describe('where the account may not read its quotas', () => {
  it.each([
    ['forbidden', error(403, 'ForbiddenError')],
    ['not found', error(404, 'NotFoundError')],
    ['something else', json(200, { data: { type: 'user' } })],
  ])('(%s) one well-known file is looked up: one call', async (_, fault) => {
    const { test, simulator } = await started();
    simulator.script([fault]);
    expect(await test()).toMatchObject({ ok: true, at: null, billed: 1, learned: [] });
    expect(simulator.log.slice(1).map(({ hashes, billed }) => ({ hashes, billed }))).toEqual([
      { hashes: [EICAR], billed: 1 },
    ]);
  });

  it.each([
    ['key', error(401, 'WrongCredentialsError'), 'key'],
    ['right', error(403, 'ForbiddenError'), 'right'],
    ['quota', error(429, 'QuotaExceededError'), 'quota'],
    ['page', { kind: 'html' } as const, 'url'],
  ])('and what that look-up meets is named: %s', async (_, fault, at) => {
    const { test, simulator } = await started();
    simulator.script([error(403, 'ForbiddenError'), fault]);
    expect(await test()).toMatchObject({ ok: false, at, learned: [], billed: 1 });
    expect(simulator.log).toHaveLength(2);
  });
});

it('tells what is left and learns the limits', async () => {
  const limits = { perMinute: 4, perDay: 500, perMonth: null };
  const { ask, test } = await started({ simulator: { limits } });
  await ask([file(1).sha256], 'sha256');
  expect(await test()).toMatchObject({
    ok: true,
    billed: 0,
    message: 'VirusTotal answers, and takes the key; 239 of 240 calls left this hour; 499 of 500 calls left this day.',
    learned: [
      { window: 'hour', allowed: 240, used: 1 },
      { window: 'day', allowed: 500, used: 1 },
    ],
  });
});

it('writes the key into a path only, and no label tells it', async () => {
  const sent: HttpRequest[] = [];
  const key = 'a key/with?odd#signs';
  const http = {
    async send(request: HttpRequest) {
      sent.push(request);
      const body = Buffer.from(JSON.stringify({ error: { code: 'ForbiddenError', message: `No, ${key}` } }));
      return { ok: true, response: { status: 403, headers: {}, body, elapsedMs: 1 } } as const;
    },
    close: async () => undefined,
  };
  const config = { ...virustotal.facts.defaults, url: 'https://127.0.0.1/api/v3/' };
  const threshold = { malicious: null, suspicious: null };
  const context = { config, key, http, threshold, now: () => NOW };
  const found = await virustotal.test(context, new AbortController().signal);
  expect(sent.map(({ url, label }) => ({ url, label }))).toEqual([
    {
      url: 'https://127.0.0.1/api/v3/users/a%20key%2Fwith%3Fodd%23signs/overall_quotas',
      label: 'GET /users/{key}/overall_quotas',
    },
    { url: `https://127.0.0.1/api/v3/files/${EICAR}`, label: 'GET /files/{hash}' },
  ]);
  expect(sent.map(({ headers }) => headers['x-apikey'])).toEqual([key, key]);
  expect(JSON.stringify(found)).not.toContain(key);
  expect(JSON.stringify(sent.map(({ label }) => label))).not.toContain(KEY);
});

it('an answer that is compressed is read like any other', async () => {
  const { ask, simulator } = await started();
  simulator.know({ ...file(1), status: 'malicious' });
  const plain = await fetch(`${simulator.url}/files/${file(1).sha256}`, {
    headers: { 'x-apikey': KEY, 'user-agent': 'assay (gzip)', 'accept-encoding': 'gzip' },
  });
  expect(plain.headers.get('content-encoding')).toBe('gzip');
  expect(await ask([file(1).sha256], 'sha256')).toMatchObject({ ok: true, answers: [{ status: 'malicious' }] });
});
