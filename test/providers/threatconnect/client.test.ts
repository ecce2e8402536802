import { afterEach, describe, expect, it } from 'vitest';
import { buildTql } from '#main/providers/indicators.ts';
import { defaultSyncJob } from '#shared/settings/sync-job.ts';
import { clearStages, hostRow, NEVER, NOW, parametersOf, SECRET, stage, type Answer } from './stage.ts';

afterEach(clearStages);

const list = (data: readonly unknown[], more: Readonly<Record<string, unknown>> = {}): Answer => ({
  body: { data, status: 'Success', ...more },
});

describe('a query too long for a URL', () => {
  const owners = Array.from({ length: 100 }, (_, at) => `Owner "${at}" of many`);
  const tql = buildTql({ ...defaultSyncJob(), owners }, { since: null, includeInactive: false });

  it('goes in the body of the same GET', async () => {
    const { threatConnect, requests } = await stage(() => list([hostRow(1)], { count: 1 }), { pageSize: 250 });
    expect(await threatConnect.page(tql, null, NEVER)).toMatchObject({ ok: true, value: { rows: [{ id: 1 }] } });
    expect(requests).toHaveLength(1);
    expect(requests[0]).toMatchObject({ method: 'GET', target: '/api/v3/indicators' });
    expect(requests[0]?.headers['content-type']).toBe('application/json');
    expect(JSON.parse(requests[0]?.body ?? '')).toEqual({
      data: {
        tql,
        fields: ['tags', 'threatAssess', 'falsePositives'],
        sorting: 'id asc',
        resultStart: 0,
        resultLimit: 250,
        count: true,
      },
    });
  });

  it('is not taken for answered where the body was not read: everything would have come', async () => {
    const { threatConnect } = await stage(() => list([hostRow(1)]));
    const page = await threatConnect.page(tql, null, NEVER);
    expect(page).toMatchObject({ ok: false, fault: { kind: 'query', isPassing: false, sent: true } });
    expect(page.ok ? '' : page.fault.message).toContain('too long for a URL');
  });

  it('is said to be too long when the server or a gateway says so', async () => {
    const { threatConnect } = await stage(() => ({ status: 414, body: '<html><body>URI too long</body></html>' }));
    const page = await threatConnect.page('(rating > 1)', null, NEVER);
    expect(page).toMatchObject({ ok: false, fault: { kind: 'query', httpStatus: 414, isPassing: false } });
    expect(page.ok ? '' : page.fault.message).toContain('too long');
  });
});

describe('Last Modified', () => {
  const since = Date.UTC(2026, 10, 21, 3, 30);
  const zoned = 'lastModified >= "2026-11-21T03:30:00Z"';
  const plain = 'lastModified >= "2026-11-20 13:30:00"';
  const refused: Answer = { status: 400, body: { errCode: '0x2001', message: 'Bad date', status: 'Error' } };
  const takesPlain = (request: Parameters<Parameters<typeof stage>[0]>[0]): Answer =>
    /T\d\d:\d\d:\d\dZ"/.test(parametersOf(request)['tql'] ?? '') ? refused : list([], { count: 4 });

  it('is named without a zone, early enough for all of them, where a zone is not taken; so from then on', async () => {
    const tql = buildTql(defaultSyncJob(), { since, includeInactive: true });
    const { threatConnect, requests } = await stage(takesPlain);
    expect(await threatConnect.page(tql, null, NEVER)).toMatchObject({ ok: true });
    expect(await threatConnect.count(tql, NEVER)).toEqual({ ok: true, value: 4 });
    const queries = requests.map((request) => parametersOf(request)['tql'] ?? '');
    expect(queries.map((query) => [query.includes(zoned), query.includes(plain)])).toEqual([
      [true, false],
      [false, true],
      [false, true],
    ]);
    expect(queries.every((query) => query.endsWith('and (indicatorActive = true or indicatorActive = false))'))).toBe(
      true,
    );
  });

  it('of an own TQL is left as it is', async () => {
    const own = 'rating > 3 and lastModified >= "2026-11-01T00:00:00Z"';
    const config = { ...defaultSyncJob(), tql: own };
    const { threatConnect, requests } = await stage(takesPlain, { tql: own });
    const fault = { kind: 'query', httpStatus: 400 };
    expect(
      await threatConnect.page(buildTql(config, { since: null, includeInactive: false }), null, NEVER),
    ).toMatchObject({ ok: false, fault });
    expect(requests).toHaveLength(1);
    expect(await threatConnect.page(buildTql(config, { since, includeInactive: false }), null, NEVER)).toMatchObject({
      ok: false,
      fault,
    });
    expect(requests.map((request) => parametersOf(request)['tql']).slice(1)).toEqual([
      `((${own}) and ${zoned})`,
      `((${own}) and ${plain})`,
    ]);
  });

  it('is not tried twice for a fault of another kind', async () => {
    const tql = buildTql(defaultSyncJob(), { since, includeInactive: false });
    const { threatConnect, requests } = await stage(() => ({ status: 500, body: { status: 'Error', message: 'x' } }));
    expect(await threatConnect.page(tql, null, NEVER)).toMatchObject({ ok: false, fault: { kind: 'server' } });
    expect(requests).toHaveLength(1);
  });
});

describe('owners', () => {
  it('that may not be read are left out; more than a page of them are read', async () => {
    const { threatConnect, requests } = await stage((request, origin) =>
      parametersOf(request)['resultStart'] === undefined
        ? list(
            [
              { id: 1, name: 'Zeta', type: 'Source', permIndicator: 'READ' },
              { id: 2, name: 'Hidden', type: 'Community', permIndicator: 'NONE' },
            ],
            { next: `${origin}/api/v3/security/owners?resultStart=500&resultLimit=500` },
          )
        : list([
            { id: 3, name: 'Acme' },
            { id: 1, name: 'Zeta', type: 'Source' },
          ]),
    );
    expect(await threatConnect.owners(NEVER)).toEqual({
      ok: true,
      value: [
        { name: 'Acme', type: '' },
        { name: 'Zeta', type: 'Source' },
      ],
    });
    expect(requests.map(({ target }) => target)).toEqual([
      '/api/v3/security/owners?resultLimit=500',
      '/api/v3/security/owners?resultStart=500&resultLimit=500',
    ]);
  });

  it('without a name are no answer', async () => {
    const { threatConnect } = await stage(() => list([{ id: 1 }]));
    expect(await threatConnect.owners(NEVER)).toMatchObject({ ok: false, fault: { kind: 'answer' } });
  });
});

describe('deleted indicators', () => {
  const gone = (summary: string): Record<string, unknown> => ({
    type: 'Host',
    summary,
    ownerName: 'Acme',
    dateAdded: '2026-11-01T00:00:00Z',
  });

  it('are asked for owner by owner, page by page', async () => {
    const { threatConnect, requests } = await stage((request, origin) => {
      const { owner, resultStart } = parametersOf(request);
      if (owner === 'B & C') {
        return list([{ id: 9, type: 'File', summary: 'AB', ownerName: 'B & C' }, { note: 'nothing' }, 'x']);
      }
      return resultStart === undefined
        ? list([gone('a.example'), gone('b.example')], { next: `${origin}/api/v3/indicators/deleted?resultStart=1000` })
        : list([gone('c.example')]);
    });
    expect(await threatConnect.deleted(['Acme', 'B & C'], NOW + 1, NEVER)).toEqual({
      ok: true,
      value: [
        ...['a', 'b', 'c'].map((name) => ({ id: null, type: 'Host', summary: `${name}.example`, owner: 'Acme' })),
        { id: 9, type: 'File', summary: 'AB', owner: 'B & C' },
      ],
    });
    expect(requests.map(({ target }) => target)).toEqual([
      '/api/v3/indicators/deleted?owner=Acme&deletedSince=2026-11-22T09%3A00%3A00Z&resultLimit=1000',
      '/api/v3/indicators/deleted?owner=Acme&deletedSince=2026-11-22T09%3A00%3A00Z&resultStart=1000&resultLimit=1000',
      '/api/v3/indicators/deleted?owner=B%20%26%20C&deletedSince=2026-11-22T09%3A00%3A00Z&resultLimit=1000',
    ]);
  });

  it('have the summary that rows have', async () => {
    const summary = 'odd\u001b[31m  name.example';
    const { threatConnect } = await stage((request) =>
      list(request.target.includes('/deleted') ? [gone(summary)] : [hostRow(1, { summary })]),
    );
    const page = await threatConnect.page('(rating > 1)', null, NEVER);
    const deleted = await threatConnect.deleted([], NOW, NEVER);
    expect(deleted).toMatchObject({ ok: true, value: [{ summary: 'odd [31m name.example' }] });
    expect(page).toMatchObject({ ok: true, value: { rows: [{ summary: 'odd [31m name.example' }] } });
  });

  it('of a server that gives the same page for ever come once', async () => {
    const { threatConnect, requests } = await stage((_, origin) =>
      list([gone('a.example')], { next: `${origin}/api/v3/x` }),
    );
    expect(await threatConnect.deleted([], NOW, NEVER)).toMatchObject({ ok: true, value: [{ summary: 'a.example' }] });
    expect(requests).toHaveLength(2);
    expect(parametersOf(requests[0] ?? { method: '', target: '/', headers: {}, body: '' })['owner']).toBeUndefined();
  });

  it.each([
    ['gone', { status: 404, body: { errCode: '0x1004', message: 'Not found', status: 'Error' } }],
    ['gone', { status: 404, body: '' }],
    ['query', { status: 400, body: { errCode: '0x1001', message: 'Bad id: deleted', status: 'Error' } }],
    ['right', { status: 403, body: { errCode: '0x1003', message: 'Forbidden owner', status: 'Error' } }],
  ] as const)('of a server without such a list: %s', async (kind, answer) => {
    const { threatConnect } = await stage(() => answer);
    expect(await threatConnect.deleted(['Acme'], NOW, NEVER)).toMatchObject({
      ok: false,
      fault: { kind, isPassing: false },
    });
  });
});

describe('the secret', () => {
  const echo = `${SECRET} ${encodeURIComponent(SECRET)}`;
  const TOKEN = 'APIV2:7:abcdefghijk:12:ZZtop+/9=';

  it.each([200, 302, 400, 401, 403, 404, 429, 500, 503])(
    'that a server repeats with status %i is in no fault and no record',
    async (status) => {
      for (const [secret, change] of [
        [SECRET, {}],
        [TOKEN, { threatConnectAuth: 'token' as const }],
      ] as const) {
        const { threatConnect, exchanges } = await stage(
          (request) => ({
            status,
            body: {
              status: 'Error',
              errCode: secret,
              message: `${echo} ${TOKEN} ${request.headers.authorization ?? ''}`,
            },
          }),
          change,
          secret,
        );
        const results = [
          await threatConnect.page('(rating > 1)', null, NEVER),
          await threatConnect.owners(NEVER),
          await threatConnect.deleted([], NOW, NEVER),
          await threatConnect.count('(rating > 1)', NEVER),
        ];
        expect(results.every(({ ok }) => !ok)).toBe(true);
        const said = JSON.stringify([results, exchanges]);
        for (const form of [secret, encodeURIComponent(secret)]) {
          expect(said).not.toContain(JSON.stringify(form.slice(0, 12)).slice(1, -1));
        }
        expect(exchanges.map(({ label }) => label)).toEqual([
          'GET /api/v3/indicators',
          'GET /api/v3/security/owners',
          'GET /api/v3/indicators/deleted',
          'GET /api/v3/indicators',
        ]);
        await clearStages();
      }
    },
  );
});

it('takes a "not found" of ThreatConnect itself for no wrong address', async () => {
  const { threatConnect } = await stage(() => ({
    status: 404,
    body: { errCode: '0x1004', message: 'Owner not found', status: 'Error' },
  }));
  const page = await threatConnect.page('(rating > 1)', null, NEVER);
  expect(page).toMatchObject({ ok: false, fault: { kind: 'gone', httpStatus: 404, isPassing: false } });
  expect(page.ok ? '' : page.fault.message).toBe('ThreatConnect does not have this (404, 0x1004, "Owner not found").');
});

it.each(['constructor', '__proto__', '0x9999', 'toString'])(
  'reads an error with the unknown code %s by its status',
  async (errCode) => {
    const { threatConnect } = await stage(() => ({ status: 500, body: { errCode, message: 'No.', status: 'Error' } }));
    expect(await threatConnect.owners(NEVER)).toMatchObject({ ok: false, fault: { kind: 'server', isPassing: true } });
  },
);

it('records what was asked, when it went wrong too', async () => {
  const { threatConnect, exchanges, origin } = await stage((request) =>
    request.target.includes('owners') ? list([]) : { status: 500, body: { status: 'Error', message: 'Out of order.' } },
  );
  await threatConnect.owners(NEVER);
  await threatConnect.page('(rating > 1)', null, NEVER);
  expect(threatConnect.host).toBe(new URL(origin).host);
  expect(exchanges.map(({ elapsedMs, ...rest }) => ({ ...rest, isTimed: elapsedMs >= 0 }))).toEqual([
    { host: threatConnect.host, label: 'GET /api/v3/security/owners', httpStatus: 200, message: '', isTimed: true },
    {
      host: threatConnect.host,
      label: 'GET /api/v3/indicators',
      httpStatus: 500,
      message: 'ThreatConnect has trouble of its own (500, "Out of order").',
      isTimed: true,
    },
  ]);
});

it('ends at once when it is told to', async () => {
  const { threatConnect, requests } = await stage(() => list([]));
  expect(await threatConnect.owners(AbortSignal.abort())).toMatchObject({
    ok: false,
    fault: { kind: 'aborted', sent: false, isPassing: false },
  });
  expect(requests).toEqual([]);
});

describe("ThreatConnect's own time", () => {
  it('is what its newest answer that tells one says, of refusals too', async () => {
    const dates = [new Date(NOW - 7_200_000).toUTCString(), new Date(NOW).toUTCString(), 'yesterday', ''];
    const { threatConnect } = await stage(() => {
      const date = dates.shift() ?? '';
      return { ...list([]), status: date === 'yesterday' ? 503 : 200, headers: { date } };
    });
    const told = [threatConnect.toldTime()];
    for (let times = 0; times < 4; times += 1) {
      await threatConnect.page('(rating > 1)', null, NEVER);
      told.push(threatConnect.toldTime());
    }
    expect(told).toEqual([null, NOW - 7_200_000, NOW, NOW, NOW]);
  });
});

describe('Maximum False Positive Count', () => {
  const tql = buildTql(
    { ...defaultSyncJob(), maxFalsePositives: 2, minRating: 3 },
    { since: NOW, includeInactive: true },
  );
  const refused: Answer = { status: 400, body: { errCode: '0x2001', message: 'No null here', status: 'Error' } };
  const asksForNull = (request: Parameters<Parameters<typeof stage>[0]>[0]): boolean =>
    (parametersOf(request)['tql'] ?? '').includes('is null');

  it('is left to the rows where the server compares nothing with null, and so from then on', async () => {
    const { threatConnect, requests } = await stage((request) =>
      asksForNull(request) ? refused : list([hostRow(1, { rating: 4 })], { count: 1 }),
    );
    expect(await threatConnect.page(tql, null, NEVER)).toMatchObject({ ok: true, value: { rows: [{ id: 1 }] } });
    expect(await threatConnect.count(tql, NEVER)).toEqual({ ok: true, value: 1 });
    const queries = requests.map((request) => parametersOf(request)['tql'] ?? '');
    expect(queries.at(-1)).toBe(
      '(typeName in ("Address", "File", "Host") and rating >= 3 and lastModified >= "2026-11-22T09:00:00Z" and (indicatorActive = true or indicatorActive = false))',
    );
    expect(queries.map((query) => query.includes('falsePositiveCount'))).toEqual([true, true, false, false]);
  });

  it('is not to blame for every refusal', async () => {
    const { threatConnect, requests } = await stage(() => refused);
    expect(await threatConnect.page(tql, null, NEVER)).toMatchObject({ ok: false, fault: { kind: 'query' } });
    expect(requests.length).toBeLessThanOrEqual(4);
  });

  it('of a TQL of the own is left as it is', async () => {
    const own = '(falsePositiveCount <= 2 or falsePositiveCount is null)';
    const { threatConnect, requests } = await stage(() => refused, { tql: own });
    await threatConnect.page(`(${own})`, null, NEVER);
    expect(requests).toHaveLength(1);
  });
});
