import { describe, expect, it } from 'vitest';
import { failure, MAINTENANCE, tooMany } from '#main/simulators/threatconnect/faults.ts';
import { whyRefused } from '#main/simulators/threatconnect/auth.ts';
import {
  ask,
  closeAfterEach,
  CREDENTIALS,
  listOf,
  NOW,
  ORGANIZATION,
  rowsOf,
  signed,
  started,
} from './threatconnect-stage.ts';

closeAfterEach();

const OWNERS = '/api/v3/security/owners?resultLimit=500';

describe('a signature', () => {
  it('is checked against the vector that is published', () => {
    const request = {
      method: 'GET',
      path: 'test',
      target: 'test',
      query: new URLSearchParams(),
      body: Buffer.alloc(0),
      headers: {
        timestamp: '1587340800',
        authorization: 'TC test:p5a/YiTRs7sNMp/PEDgZxky8lJDRLbza1pi8erjURrU=',
      },
    };
    const credentials = { accessId: 'test', secretKey: 'test', token: '' };
    expect(whyRefused(request, credentials, 1_587_340_800_000)).toBeNull();
    expect(whyRefused({ ...request, target: 'test?a=1' }, credentials, 1_587_340_800_000)).toMatch(/signature/);
  });

  it('covers path and query exactly as they are sent, and the method', async () => {
    const simulator = await started();
    const target = listOf({ tql: 'summary = "a b(c)"' });
    expect((await ask(simulator, target)).status).toBe(200);
    const others = [target.replaceAll('%20', '+'), target.replace('(', '%28'), `${target}&resultLimit=5`];
    for (const other of others) {
      expect((await ask(simulator, target, { headers: signed(other) })).status, other).toBe(401);
    }
    expect((await ask(simulator, '/api/v3/indicators/tql', { method: 'OPTIONS' })).status).toBe(200);
    const wrong = signed('/api/v3/indicators/tql', 'GET');
    expect((await ask(simulator, '/api/v3/indicators/tql', { method: 'OPTIONS', headers: wrong })).status).toBe(401);
  });

  it.each([
    ['a clock four minutes and fifty seconds behind', -290_000, 200],
    ['a clock five minutes and ten seconds behind', -310_000, 401],
    ['a clock five minutes and ten seconds ahead', 310_000, 401],
  ])('by %s', async (_, skewMs, status) => {
    const simulator = await started();
    const answer = await ask(simulator, OWNERS, { headers: signed(OWNERS, 'GET', NOW + skewMs) });
    expect(answer.status).toBe(status);
    expect(answer.body?.message ?? 'out of acceptable time range').toMatch(/out of acceptable time range/);
    expect(answer.headers.get('date')).toBe('Sun, 01 Mar 2026 12:00:00 GMT');
  });

  it('is measured by the clock of the instance, which its answers tell', async () => {
    const simulator = await started({ quirks: { clockSkewMs: 3_600_000 } });
    const answer = await ask(simulator, OWNERS);
    expect(answer).toMatchObject({ status: 401, body: { message: expect.stringMatching(/time range/) } });
    expect(answer.headers.get('date')).toBe('Sun, 01 Mar 2026 13:00:00 GMT');
  });
});

describe('who asks', () => {
  const refused: readonly [string, Record<string, string>][] = [
    ['nobody', {}],
    ['a wrong key', signed(OWNERS, 'GET', NOW, 'other')],
    ['another id', { ...signed(OWNERS), authorization: signed(OWNERS).authorization.replace('12345678', '8') }],
    ['no timestamp', { authorization: signed(OWNERS).authorization }],
    ['milliseconds', { ...signed(OWNERS), timestamp: String(NOW) }],
    ['a wrong token', { authorization: 'TC-Token APIV2:1:other' }],
    ['a token by another scheme', { authorization: `Bearer ${CREDENTIALS.token}` }],
  ];

  it.each(refused)('is refused: %s', async (_, headers) => {
    const simulator = await started();
    expect(await ask(simulator, OWNERS, { headers })).toMatchObject({
      status: 401,
      body: { status: 'Failure', message: expect.any(String) },
    });
    simulator.quirk({ refusesBy: 'v3' });
    expect(await ask(simulator, OWNERS, { headers })).toMatchObject({
      status: 401,
      body: { errCode: '0x1002', status: 'Error' },
    });
  });

  it('may have a token, which can end in the middle', async () => {
    const simulator = await started({ quirks: { expiresAfter: 2 } });
    const headers = { authorization: `TC-Token ${CREDENTIALS.token}` };
    const statuses = [];
    for (let n = 0; n < 4; n += 1) {
      statuses.push((await ask(simulator, OWNERS, { headers })).status);
    }
    expect(statuses).toEqual([200, 200, 401, 401]);
    simulator.quirk({ expiresAfter: null });
    expect((await ask(simulator, OWNERS, { headers })).status).toBe(200);
  });

  it('is not told in the log', async () => {
    const simulator = await started();
    await ask(simulator, listOf({ tql: 'id > 3', resultStart: '0' }));
    await ask(simulator, '/api/v3/nothing', { headers: {} });
    expect(simulator.log).toEqual([
      { at: NOW, method: 'GET', path: '/api/v3/indicators', tql: 'id > 3', resultStart: 0, status: 200 },
      { at: NOW, method: 'GET', path: '/api/v3/nothing', tql: '', resultStart: 0, status: 401 },
    ]);
  });
});

describe('owners', () => {
  it('are all listed, with what may be done with them', async () => {
    const simulator = await started();
    const { body } = await ask(simulator, OWNERS);
    expect(body?.data).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ name: ORGANIZATION, type: 'Organization', permIndicator: 'FULL' }),
        expect.objectContaining({ name: 'Closed Circle', permIndicator: 'NONE' }),
      ]),
    );
  });

  it('come in pages, too', async () => {
    const simulator = await started();
    const first = await ask(simulator, '/api/v3/security/owners?resultLimit=3');
    const second = await ask(simulator, first.body?.next ?? '');
    expect([rowsOf(first).length, rowsOf(second).length, second.body?.next]).toEqual([3, 2, undefined]);
  });

  it('that may not be read are answered 403 by name, and left out of everything else', async () => {
    const simulator = await started();
    const { control } = simulator;
    control.put({ owner: 'Partner', type: 'Host', summary: 'a.example' });
    control.put({ owner: ORGANIZATION, type: 'Host', summary: 'b.example' });
    const byOwner = listOf({ owner: 'Partner' });
    const byQuery = listOf({ tql: `ownerName in ("${ORGANIZATION}", "Partner")` });
    const seen = async (target: string) => (await ask(simulator, target)).body?.data ?? null;
    expect(await seen(byQuery)).toHaveLength(2);
    control.forbid('Partner');
    for (const target of [byOwner, byQuery, '/api/v3/indicators/1?owner=Partner', '/api/v3/indicators/1']) {
      expect(await ask(simulator, target), target).toMatchObject({ status: 403, body: { errCode: '0x1003' } });
    }
    expect(await seen(listOf({}))).toHaveLength(1);
    simulator.quirk({ forbidsInSilence: true });
    expect(await seen(byQuery)).toHaveLength(1);
    control.allow('Partner');
    expect(await seen(byQuery)).toHaveLength(2);
  });

  it('vanish without a trace', async () => {
    const simulator = await started();
    simulator.control.put({ owner: 'Partner', type: 'Host', summary: 'a.example' });
    simulator.control.dropOwner('Partner');
    expect((await ask(simulator, OWNERS)).text).not.toContain('Partner');
    expect(await ask(simulator, listOf({ tql: 'ownerName in ("Partner")' }))).toMatchObject({ body: { data: [] } });
    expect(await ask(simulator, '/api/v3/indicators/deleted?owner=Partner')).toMatchObject({ status: 404 });
  });
});

describe('what goes wrong', () => {
  it('is played in order, and leaves requests out', async () => {
    const simulator = await started();
    simulator.script([
      tooMany(7),
      tooMany(null),
      { kind: 'none' },
      MAINTENANCE,
      failure(500, 'Internal error'),
      { kind: 'slow', ms: 30 },
    ]);
    const met = [];
    for (let n = 0; n < 6; n += 1) {
      const { status, headers, body } = await ask(simulator, OWNERS);
      met.push([status, headers.get('retry-after'), body?.message ?? body?.status ?? null]);
    }
    expect(met).toEqual([
      [429, '7', 'Too many requests'],
      [429, null, 'Too many requests'],
      [200, null, 'Success'],
      [503, null, null],
      [500, null, 'Internal error'],
      [200, null, 'Success'],
    ]);
  });

  it('cuts connections, and halves answers', async () => {
    const simulator = await started();
    simulator.script([{ kind: 'cut' }, { kind: 'truncated' }]);
    await expect(ask(simulator, OWNERS)).rejects.toThrow(/fetch failed|terminated/);
    await expect(ask(simulator, OWNERS)).rejects.toThrow(/fetch failed|terminated/);
    expect((await ask(simulator, OWNERS)).status).toBe(200);
  });

  it('is met by a share of requests, the same for the same seed', async () => {
    const statuses = async (): Promise<readonly number[]> => {
      const simulator = await started({ faultShare: 0.5, seed: 3 });
      const met: number[] = [];
      for (let n = 0; n < 20; n += 1) {
        met.push(
          await ask(simulator, OWNERS).then(
            ({ status, body }) => (body?.status === 'Success' ? status : -status),
            () => 0,
          ),
        );
      }
      return met;
    };
    const met = await statuses();
    expect(met).toEqual(await statuses());
    expect(met.filter((status) => status === 200).length).toBeGreaterThan(4);
    expect(met.filter((status) => status !== 200).length).toBeGreaterThan(4);
  });

  it.each([
    ['another path', '/api/v3/groups', 404, '0x1004'],
    ['no id of ours', '/api/v3/indicators/77', 404, '0x1004'],
    ['a method it does not have', '/api/v3/indicators/tql', 405, '0x1005'],
    ['a field nobody knows', '/api/v3/indicators?fields=tag', 400, '0x1001'],
    ['a page that is too large', '/api/v3/indicators?resultLimit=10001', 400, '0x1001'],
    ['a sorting by nothing', '/api/v3/indicators?sorting=name', 400, '0x1001'],
    ['an owner nobody knows', '/api/v3/indicators?owner=Nobody', 404, '0x1004'],
    ['half a percent sign', '/api/v3/indicators?tql=%2', 400, '0x1001'],
  ])('is said: %s', async (_, target, status, errCode) => {
    const simulator = await started();
    expect(await ask(simulator, target)).toMatchObject({ status, body: { errCode, status: 'Error' } });
  });

  it('is a page when the address is too long, or has no /api', async () => {
    const simulator = await started();
    const long = listOf({ tql: `summary = "${'x'.repeat(8200)}"` });
    expect(await ask(simulator, long)).toMatchObject({ status: 414, body: null });
    expect(await ask(simulator, '/v3/indicators')).toMatchObject({ status: 404, body: null });
  });
});
