import { request as httpRequest } from 'node:http';
import { describe, expect, it } from 'vitest';
import type { ThreatConnectSimulator } from '#main/simulators/threatconnect/simulator.ts';
import {
  ask,
  closeAfterEach,
  DAY_MS,
  listOf,
  NOW,
  ORGANIZATION,
  rowsOf,
  signed,
  started,
  type Answer,
} from './threatconnect-stage.ts';

closeAfterEach();

/** So many hosts, `h1.example` and so on, ids from 1, each changed a second after the one before. */
async function withHosts(count: number): Promise<ThreatConnectSimulator> {
  const simulator = await started();
  for (let n = 1; n <= count; n += 1) {
    simulator.control.put({
      id: n,
      owner: ORGANIZATION,
      type: 'Host',
      summary: `h${n}.example`,
      confidence: n % 3,
      ...(n % 4 === 0 ? {} : { rating: n % 5 }),
      lastModified: NOW - DAY_MS + n * 1000,
    });
  }
  return simulator;
}

const ids = (answer: Answer): readonly number[] => rowsOf(answer).map(({ id }) => Number(id));

/** Ids of all pages, following `next`. */
async function paged(simulator: ThreatConnectSimulator, first: string): Promise<readonly (readonly number[])[]> {
  const pages = [];
  for (let next: string | undefined = first; next !== undefined;) {
    const answer: Answer = await ask(simulator, next);
    expect(answer.status).toBe(200);
    pages.push(ids(answer));
    next = answer.body?.next;
  }
  return pages;
}

describe('a list', () => {
  it('is paged by absolute addresses, the last page without a next one, counted on the first only', async () => {
    const simulator = await withHosts(5);
    const target = listOf({
      tql: 'summary contains "h"',
      fields: ['tags', 'threatAssess'],
      sorting: 'id asc',
      resultLimit: '2',
    });
    const first = await ask(simulator, `${target}&count=true`);
    expect(first.body).toMatchObject({ count: 5, status: 'Success' });
    expect(first.body?.prev).toBeUndefined();
    expect(first.body?.next?.startsWith(`${simulator.url}/api/v3/indicators?tql=summary%20contains`)).toBe(true);
    const second = await ask(simulator, `${first.body?.next ?? ''}&count=true`);
    expect(Object.keys(second.body ?? {})).toEqual(['next', 'prev', 'data', 'status']);
    expect(await paged(simulator, target)).toEqual([[1, 2], [3, 4], [5]]);
    expect(simulator.log.map(({ resultStart }) => resultStart)).toEqual([0, 2, 0, 2, 4]);
  });

  it('holds a hundred by default, and ten thousand at most', async () => {
    const simulator = await started({ indicators: 11_000, seed: 5 });
    expect(rowsOf(await ask(simulator, listOf({})))).toHaveLength(100);
    expect(rowsOf(await ask(simulator, listOf({ resultLimit: '10000' })))).toHaveLength(10_000);
  });

  it.each([
    ['id desc', [6, 5, 4, 3, 2, 1]],
    ['lastModified asc', [1, 2, 3, 4, 5, 6]],
    ['confidence asc id desc', [6, 3, 4, 1, 5, 2]],
    ['rating asc id asc', [4, 5, 1, 6, 2, 3]],
    ['rating nullslast id asc', [5, 1, 6, 2, 3, 4]],
    ['rating desc id asc', [3, 2, 1, 6, 5, 4]],
    ['rating desc nullsfirst id asc', [4, 3, 2, 1, 6, 5]],
  ])('is sorted by %s', async (sorting, expected) => {
    expect(ids(await ask(await withHosts(6), listOf({ sorting })))).toEqual(expected);
  });

  it('is in no order to rely on where none is asked for, or the instance does not care', async () => {
    const simulator = await withHosts(20);
    const unsorted = ids(await ask(simulator, listOf({})));
    expect(unsorted).not.toEqual(unsorted.toSorted((a, b) => a - b));
    simulator.quirk({ ignoresSorting: true });
    expect(ids(await ask(simulator, listOf({ sorting: 'id asc' })))).toEqual(unsorted);
  });

  it('shifts while somebody pages: rows are missed and seen twice by position', async () => {
    const simulator = await withHosts(6);
    const target = listOf({ sorting: 'lastModified asc', resultLimit: '2' });
    simulator.onPage(({ resultStart }) => {
      if (resultStart === 0) {
        simulator.control.change(1, { rating: 2 });
      }
    });
    expect(await paged(simulator, target)).toEqual([
      [1, 2],
      [4, 5],
      [6, 1],
    ]);
    const pages: unknown[] = [];
    simulator.onPage((page) => {
      pages.push(page);
      if (page.resultStart === 0) {
        simulator.control.put({ id: 90, owner: ORGANIZATION, type: 'Host', summary: 'z.example', lastModified: 1000 });
      }
    });
    expect(await paged(simulator, target)).toEqual([[2, 3], [3, 4], [5, 6], [1]]);
    expect(pages).toEqual([0, 2, 4].map((resultStart) => ({ tql: '', resultStart, rows: 2 })));
    simulator.onPage(null);
    expect(await paged(simulator, target)).toEqual([[90, 2], [3, 4], [5, 6], [1]]);
  });

  it('may repeat rows, or lead to another host', async () => {
    const simulator = await withHosts(5);
    const target = listOf({ sorting: 'id asc', resultLimit: '2' });
    simulator.quirk({ repeatsRows: 1 });
    expect(await paged(simulator, target)).toEqual([
      [1, 2],
      [2, 3, 4],
      [4, 5],
    ]);
    simulator.quirk({ nextHost: 'other.example:8443' });
    expect((await ask(simulator, target)).body?.next).toMatch(/^http:\/\/other\.example:8443\/api\/v3\/indicators\?/);
  });

  it('takes what is too long for an address from a body', async () => {
    const simulator = await withHosts(5);
    const tql = `summary in (${Array.from({ length: 2000 }, (_, n) => `"h${n + 3}.example"`).join(',')})`;
    const data = { tql, fields: ['tags'], sorting: 'id asc', resultLimit: 2, resultStart: 0, count: true };
    const answer = await withBody(simulator, JSON.stringify({ data }));
    expect(answer).toMatchObject({ status: 200, body: { count: 3, data: [{ id: 3 }, { id: 4 }] } });
    expect(simulator.log.at(-1)).toMatchObject({ tql, resultStart: 0 });
    expect(await withBody(simulator, '{"tql": "id = 1"}')).toMatchObject({ status: 400, body: { errCode: '0x1001' } });
    simulator.quirk({ losesBodies: true });
    expect((await withBody(simulator, JSON.stringify({ data }))).body).not.toHaveProperty('count');
  });
});

/** A GET with a body, which `fetch` refuses to send. */
function withBody(simulator: ThreatConnectSimulator, body: string): Promise<Pick<Answer, 'status' | 'body'>> {
  const target = '/api/v3/indicators';
  return new Promise((resolve, reject) => {
    const headers = {
      ...signed(target),
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
    };
    const request = httpRequest(simulator.url + target, { method: 'GET', headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: JSON.parse(text) as Answer['body'] }));
    });
    request.on('error', reject).end(body);
  });
}

describe('an indicator', () => {
  it('is told with what is set, and the rest on demand', async () => {
    const simulator = await started();
    simulator.control.put({
      id: 7,
      owner: ORGANIZATION,
      type: 'File',
      sha1: 'c'.repeat(40),
      sha256: 'd'.repeat(64),
      rating: 3,
      tags: ['a, "b"'],
      falsePositives: 2,
      lastFalsePositive: NOW - DAY_MS + 999,
      threatAssess: 500,
      lastModified: NOW - 1,
    });
    const [plain] = rowsOf(await ask(simulator, listOf({ tql: 'id = 7' })));
    expect(plain).toEqual({
      id: 7,
      ownerId: 1,
      ownerName: ORGANIZATION,
      dateAdded: '2026-03-01T11:59:59Z',
      lastModified: '2026-03-01T11:59:59Z',
      webLink: 'https://threatconnect.example/#/details/indicators/7/overview',
      legacyLink: 'https://threatconnect.example/auth/indicators/details/file.xhtml?id=7',
      type: 'File',
      summary: `${'C'.repeat(40)} : ${'D'.repeat(64)}`,
      sha1: 'C'.repeat(40),
      sha256: 'D'.repeat(64),
      rating: 3,
      privateFlag: false,
      active: true,
      activeLocked: false,
    });
    const fields = ['tags', 'threatAssess', 'falsePositives', 'observations', 'attributes'];
    const [whole] = rowsOf(await ask(simulator, listOf({ tql: 'id = 7', fields })));
    expect(whole).toEqual({
      ...plain,
      tags: { data: [{ id: 1, name: 'a, "b"', lastUsed: '2026-03-01T11:59:59Z' }] },
      threatAssessScore: 500,
      threatAssessRating: 2.5,
      threatAssessConfidence: 50,
      threatAssessScoreObserved: 0,
      threatAssessScoreFalsePositive: -40,
      calScore: 500,
      falsePositives: 2,
      lastFalsePositive: '2026-02-28T12:00:00Z',
      observations: 0,
      attributes: {},
    });
  });

  it('without tags has none of them in either of two ways', async () => {
    const simulator = await withHosts(2);
    const rows = rowsOf(await ask(simulator, listOf({ fields: 'tags', sorting: 'id asc' })));
    expect(rows.map((row) => row['tags'])).toEqual([undefined, {}]);
  });

  it('is found by id, summary or digest, inactive as well', async () => {
    const simulator = await started();
    const { control } = simulator;
    const md5 = 'E'.repeat(32);
    control.put({ id: 1, owner: ORGANIZATION, type: 'File', md5, sha1: 'F'.repeat(40), active: false });
    control.put({ id: 2, owner: 'Partner', type: 'URL', summary: 'https://x.example/a?b=c d' });
    const found = async (name: string, query = ''): Promise<unknown> => {
      const { status, body } = await ask(simulator, `/api/v3/indicators/${encodeURIComponent(name)}${query}`);
      return status === 200 ? (body?.data as { readonly id?: number } | undefined)?.id : status;
    };
    expect(await found('1')).toBe(1);
    expect(await found(md5)).toBe(1);
    expect(await found(`${md5} : ${'F'.repeat(40)}`, '?fields=tags')).toBe(1);
    expect(await found('https://x.example/a?b=c d')).toBe(404);
    expect(await found('https://x.example/a?b=c d', '?owner=Partner')).toBe(2);
    expect(await found('1', '?owner=Partner')).toBe(404);
  });

  it('that is gone is told by type, summary and owner, as long as somebody asks for that owner', async () => {
    const simulator = await started();
    const { control } = simulator;
    control.put({ id: 1, owner: ORGANIZATION, type: 'Host', summary: 'a.example' });
    control.put({ id: 2, owner: ORGANIZATION, type: 'Address', summary: '22.0.0.1' });
    control.put({ id: 3, owner: 'Partner', type: 'Host', summary: 'b.example' });
    [1, 2, 3].forEach((id) => control.remove(id));
    const deleted = async (query: string): Promise<unknown> =>
      (await ask(simulator, `/api/v3/indicators/deleted${query}`)).body;
    const gone = { ownerName: ORGANIZATION, dateAdded: '2026-03-01T12:00:00Z', type: 'Host', summary: 'a.example' };
    expect(await deleted('?type=Host')).toEqual({ data: [gone], count: 1, status: 'Success' });
    expect(await deleted('?resultLimit=1')).toMatchObject({
      data: [gone],
      count: 2,
      next: expect.stringMatching(/Start=1/),
    });
    expect(await deleted('?owner=Partner')).toMatchObject({ data: [{ summary: 'b.example' }] });
    expect(await deleted('?deletedSince=2026-03-01T12:00:00Z')).toMatchObject({ count: 2 });
    expect(await deleted('?deletedSince=2026-03-01T12:00:01Z')).toMatchObject({ count: 0 });
    expect(await deleted('?deletedSince=soon')).toMatchObject({ errCode: '0x1001' });
    simulator.quirk({ hasNoDeleted: true });
    expect(await deleted('')).toMatchObject({ errCode: '0x1004' });
  });

  it('that changes is as new as its change, and keeps its id', async () => {
    const simulator = await withHosts(3);
    const { control } = simulator;
    control.change(2, { rating: null, tags: ['x'] });
    expect(control.get(2)).toMatchObject({ rating: null, tags: ['x'], lastModified: NOW, summary: 'h2.example' });
    control.change(2, { confidence: 9, lastModified: NOW - DAY_MS });
    expect(control.get(2)).toMatchObject({ confidence: 9, lastModified: NOW - DAY_MS });
    control.setActive(3, false);
    expect(ids(await ask(simulator, listOf({ sorting: 'id asc' })))).toEqual([1, 2]);
    expect(control.count()).toBe(3);
    expect(() => control.change(9, {})).toThrow(RangeError);
  });
});

describe('what can be asked for', () => {
  it('is listed: words of queries, and further fields', async () => {
    const simulator = await started();
    const { body: words } = await ask(simulator, '/api/v3/indicators/tql', { method: 'OPTIONS' });
    expect(words?.data).toContainEqual({
      keyword: 'indicatorActive',
      name: 'indicatorActive',
      type: 'Boolean',
      description: expect.any(String),
    });
    const { body: fields } = await ask(simulator, '/api/v3/indicators/fields', { method: 'OPTIONS' });
    expect(fields?.data).toContainEqual(expect.objectContaining({ name: 'threatAssess' }));
  });
});
