import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { buildTql } from '#main/providers/indicators.ts';
import { apiBase } from '#main/providers/threatconnect/wire/base-url.ts';
import { proof } from '#main/providers/threatconnect/wire/sign.ts';
import { defaultSyncJob } from '#shared/settings/sync-job.ts';
import { ACCESS_ID, clearStages, NEVER, NOW, SECRET, stage, type Arrived } from './stage.ts';

afterEach(clearStages);

/** What a server computes from the request line it received, before anything is decoded. */
function expectedOf({ method, target, headers }: Arrived): string {
  const message = `${target}:${method}:${String(headers['timestamp'])}`;
  return `TC ${ACCESS_ID}:${createHmac('sha256', Buffer.from(SECRET, 'utf8')).update(message).digest('base64')}`;
}

it('signs the published example as published', () => {
  const user = { kind: 'hmac', accessId: 'test', secretKey: 'test' } as const;
  expect(proof(user, { method: 'GET', target: 'test', at: 1_587_340_800_999 })).toEqual({
    authorization: 'TC test:p5a/YiTRs7sNMp/PEDgZxky8lJDRLbza1pi8erjURrU=',
    timestamp: '1587340800',
  });
});

describe('signed with an Access ID', () => {
  it('every request carries the signature of its own request line, whatever is asked', async () => {
    const { threatConnect, requests } = await stage(() => ({ body: { data: [], count: 0, status: 'Success' } }));
    const names = fc.sample(fc.string({ unit: 'binary', minLength: 1, maxLength: 25 }), { numRuns: 30, seed: 2 });
    for (const name of [...names, 'O\'Neil ("Co") & Söhne + 100 %, #1? ~*!', 'a b', '名', '😀']) {
      const tql = buildTql({ ...defaultSyncJob(), owners: [name] }, { since: NOW, includeInactive: true });
      expect(await threatConnect.page(tql, null, NEVER)).toMatchObject({ ok: true });
      expect(await threatConnect.deleted([name], NOW, NEVER)).toMatchObject({ ok: true });
    }
    await threatConnect.count('(rating > 3)', NEVER);
    await threatConnect.owners(NEVER);
    expect(requests.length).toBe(2 * 34 + 2);
    for (const request of requests) {
      expect(request.headers.authorization).toBe(expectedOf(request));
      expect(request.headers['timestamp']).toBe(String(NOW / 1000));
      expect(request.target).not.toMatch(/[+' "]/);
    }
  });

  it('white space around the secret and the Access ID is not part of them', async () => {
    const { threatConnect, requests } = await stage(
      () => ({ body: { data: [], status: 'Success' } }),
      { accessId: ` ${ACCESS_ID}\n` },
      ` ${SECRET}\r\n`,
    );
    await threatConnect.owners(NEVER);
    expect(requests.map(({ headers }) => headers.authorization)).toEqual(requests.map(expectedOf));
  });
});

it('carries a token as it is', async () => {
  const { threatConnect, requests } = await stage(
    () => ({ body: { data: [], status: 'Success' } }),
    { threatConnectAuth: 'token', accessId: '' },
    'APIV2:1:xyz:1:abc=',
  );
  expect(await threatConnect.owners(NEVER)).toEqual({ ok: true, value: [] });
  expect(requests[0]?.headers.authorization).toBe('TC-Token APIV2:1:xyz:1:abc=');
});

it.each(['tok\nen: x', 'tök€n', '\u0000'])(
  'a token that cannot be sent, %j, is a fault and is not told',
  async (token) => {
    const { threatConnect, exchanges, requests } = await stage(
      () => ({ body: { data: [], status: 'Success' } }),
      { threatConnectAuth: 'token' },
      `APIV2:${token}:long enough`,
    );
    const result = await threatConnect.owners(NEVER);
    expect(result).toMatchObject({ ok: false, fault: { isPassing: false } });
    expect(JSON.stringify([result, exchanges])).not.toContain('long enough');
    expect(requests).toEqual([]);
  },
);

describe('the ThreatConnect address', () => {
  it.each([
    ['https://app.threatconnect.com', '/api'],
    ['https://app.threatconnect.com/', '/api'],
    ['https://app.threatconnect.com/api', '/api'],
    [' https://app.threatconnect.com/api// ', '/api'],
    ['https://app.threatconnect.com/api/v3/', '/api'],
    ['https://sandbox.example/tc', '/tc/api'],
    ['https://sandbox.example/tc/api', '/tc/api'],
    ['http://127.0.0.1:8443/api', '/api'],
    ['https://app.threatconnect.com//elsewhere.example/api', '/elsewhere.example/api'],
  ])('%s leads to %s', (address, path) => {
    expect(apiBase(address)).toMatchObject({ path, host: new URL(address.trim()).host });
  });

  it.each([
    ['', 'missing', 'is not set'],
    ['app.threatconnect.com', 'url', 'must begin with https://'],
    ['ftp://app.threatconnect.com', 'url', 'must begin with https://'],
    ['http://app.threatconnect.com', 'url', 'must begin with https://'],
    ['https://user:pass@app.threatconnect.com', 'url', 'holds a name or password'],
    ['https://app.threatconnect.com/?a=b', 'url', 'ends in a query'],
  ])('"%s" is refused, and nothing is sent', async (threatConnectUrl, kind, words) => {
    const { threatConnect, exchanges } = await stage(() => ({ body: {} }), { threatConnectUrl });
    const result = await threatConnect.owners(NEVER);
    expect(result).toMatchObject({ ok: false, fault: { kind, sent: false, isPassing: false } });
    expect(result.ok ? '' : result.fault.message).toContain(words);
    expect(result.ok ? '' : result.fault.message).not.toContain('pass@');
    expect(exchanges).toEqual([]);
  });
});

describe('without what is required nothing is sent', () => {
  it.each([
    ['an Access ID', { accessId: ' ' }, SECRET, 'missing', 'Access ID'],
    ['a secret key', {}, null, 'missing', 'secret key'],
    ['a token', { threatConnectAuth: 'token' as const }, '  ', 'missing', 'token'],
    ['a fit TQL', { tql: ') or (1=1' }, SECRET, 'query', 'closes a parenthesis'],
    ['fit names', { owners: ['a\nb'] }, SECRET, 'query', 'ThreatConnect Owners'],
  ])('%s', async (_, change, secret, kind, words) => {
    const { threatConnect, requests } = await stage(() => ({ body: { data: [] } }), change, secret);
    const result = await threatConnect.page('(id > 0)', null, NEVER);
    expect(result).toMatchObject({ ok: false, fault: { kind, sent: false, isPassing: false } });
    expect(result.ok ? '' : result.fault.message).toContain(words);
    expect(requests).toEqual([]);
  });

  it('but owners can be chosen while the TQL is not fit', async () => {
    const { threatConnect } = await stage(() => ({ body: { data: [], status: 'Success' } }), { tql: ') or (1=1' });
    expect(await threatConnect.owners(NEVER)).toEqual({ ok: true, value: [] });
    expect(await threatConnect.count('(rating > 1)', NEVER)).toMatchObject({ ok: false, fault: { kind: 'query' } });
  });
});
