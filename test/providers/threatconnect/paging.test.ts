import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import type { ServiceFault } from '#main/net/service-fault.ts';
import type { ThreatConnect } from '#main/providers/indicator-port.ts';
import { ShiftingList, type Habits } from './shifting-list.ts';
import { clearStages, NEVER, parametersOf, stage, type Stage } from './stage.ts';

afterEach(clearStages);

const TQL = '(typeName in ("Host"))';

interface Pull {
  readonly ids: ReadonlySet<number>;
  readonly pages: number;
  readonly fault: ServiceFault | null;
}

/** Pulls to the end, or to the first fault. */
async function pull(threatConnect: ThreatConnect): Promise<Pull> {
  const ids = new Set<number>();
  let next: string | null = null;
  for (let pages = 1; pages < 3000; pages += 1) {
    const page = await threatConnect.page(TQL, next, NEVER);
    if (!page.ok) {
      return { ids, pages, fault: page.fault };
    }
    page.value.rows.forEach(({ id }) => ids.add(id));
    next = page.value.next;
    if (next === null) {
      return { ids, pages, fault: null };
    }
  }
  throw new Error('the pull does not end');
}

async function listOf(
  ids: readonly number[],
  pageSize: number,
  habits: Habits,
): Promise<Stage & { list: ShiftingList }> {
  const list = new ShiftingList(
    ids.map((id, own) => ({ id, own })),
    habits,
  );
  const staged = await stage((request, origin) => list.answer(request, origin), { pageSize });
  return { ...staged, list };
}

const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, at) => from + at);

const HABITS: readonly (readonly [string, Habits])[] = [
  ['sorts and takes ids', { sorts: true, ids: 'taken' }],
  ['ignores the order', { sorts: false, ids: 'taken' }],
  ['refuses conditions on ids', { sorts: true, ids: 'refused' }],
  ['ignores conditions on ids', { sorts: true, ids: 'ignored' }],
  ['repeats rows', { sorts: true, ids: 'taken', repeats: true }],
  ['repeats rows and ignores the order', { sorts: false, ids: 'taken', repeats: true }],
];

describe.each(HABITS)('a server that %s', (_, habits) => {
  it('is read to the end, whatever shifts between pages: no row that matched all the time is missed', async () => {
    const change = fc.record({
      /** Before which request. */
      at: fc.nat(14),
      remove: fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 12 }),
      add: fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 6 }),
      /** Rows that were modified move to the end of a server's own order. */
      modify: fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 6 }),
    });
    const scenario = fc.record({
      ids: fc.uniqueArray(fc.integer({ min: 1, max: 60 }), { maxLength: 45 }),
      changes: fc.array(change, { maxLength: 5 }),
      pageSize: fc.constantFrom(2, 3, 7, 20),
      isNearlySorted: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(scenario, async ({ ids, changes, pageSize, isNearlySorted }) => {
        const always = new Set(ids);
        const order = isNearlySorted ? [...ids].sort((a, b) => a - b) : ids;
        const list = new ShiftingList(
          order.map((id, own) => ({ id, own })),
          habits,
        );
        let requests = 0;
        const shifting = await stage(
          (request, origin) => {
            changes.filter(({ at }) => at + 1 === requests).forEach((each) => shift(list, each, always));
            requests += 1;
            return list.answer(request, origin);
          },
          { pageSize },
        );
        const { ids: seen, fault } = await pull(shifting.threatConnect);
        await clearStages();
        expect(fault).toBeNull();
        expect([...always].filter((id) => !seen.has(id))).toEqual([]);
      }),
      { numRuns: 60, seed: 11 },
    );
  });

  it('is read once where nothing shifts', async () => {
    const ids = range(1, 95);
    const { threatConnect, requests } = await listOf(ids, 10, habits);
    const { ids: seen, fault } = await pull(threatConnect);
    expect(fault).toBeNull();
    expect([...seen].sort((a, b) => a - b)).toEqual(ids);
    expect(requests.length).toBeLessThan(45);
  });
});

it('asks for what follows the last id, in an order it tried', async () => {
  const { threatConnect, requests } = await listOf(range(1, 25), 10, { sorts: true, ids: 'taken' });
  expect((await pull(threatConnect)).pages).toBe(3);
  expect(
    requests
      .map(parametersOf)
      .map(({ tql, sorting, resultStart, resultLimit }) => [tql, sorting, resultStart, resultLimit]),
  ).toEqual([
    [TQL, 'id asc', '0', '10'],
    [TQL, 'id desc', '0', '10'],
    [`((${TQL}) and id > 10)`, 'id asc', '0', '10'],
    [`((${TQL}) and id > 20)`, 'id asc', '0', '10'],
  ]);
});

it('notices an order that is not kept although the first page looks like it', async () => {
  // Ordered by last change, as 5 was modified since: by ids alone it would lie behind.
  const { threatConnect } = await listOf([...range(1, 4), ...range(6, 40), 5], 10, { sorts: false, ids: 'taken' });
  const { ids, fault } = await pull(threatConnect);
  expect(fault).toBeNull();
  expect(ids.has(5)).toBe(true);
  expect(ids.size).toBe(40);
});

it('notices it, too, when rows came in between that look like the other end', async () => {
  const list = new ShiftingList(
    [...range(1, 4), ...range(6, 40), 5].map((id, own) => ({ id, own })),
    { sorts: false, ids: 'taken' },
  );
  let requests = 0;
  const { threatConnect } = await stage(
    (request, origin) => {
      requests += 1;
      if (requests === 2) {
        list.rows = [{ id: 60, own: -2 }, { id: 50, own: -1 }, ...list.rows];
      }
      return list.answer(request, origin);
    },
    { pageSize: 10 },
  );
  expect((await pull(threatConnect)).ids.has(5)).toBe(true);
});

it('needs no second request where all fits a page', async () => {
  const { threatConnect, requests } = await listOf(range(1, 10), 10, { sorts: false, ids: 'refused' });
  expect((await pull(threatConnect)).ids.size).toBe(10);
  expect(requests).toHaveLength(1);
});

describe('the server’s own next page', () => {
  const elsewhere = 'http://127.0.0.2:9';

  it('is followed signed, from some rows earlier', async () => {
    const { threatConnect, requests } = await listOf(range(1, 50), 20, { sorts: true, ids: 'refused' });
    expect((await pull(threatConnect)).ids.size).toBe(50);
    const followed = requests.filter(({ target }) => !target.includes('resultStart=0')).map(parametersOf);
    expect(followed.map(({ tql, resultStart, resultLimit }) => [tql, resultStart, resultLimit])).toEqual([
      [TQL, '18', '22'],
      [TQL, '38', '22'],
    ]);
    expect(requests.every(({ headers }) => /^TC \d+:[\w+/]{43}=$/.test(headers.authorization ?? ''))).toBe(true);
  });

  it('is read again from further back when rows before it went away', async () => {
    const list = new ShiftingList(
      range(1, 60).map((id) => ({ id, own: id })),
      { sorts: true, ids: 'refused' },
    );
    let requests = 0;
    const { threatConnect } = await stage(
      (request, origin) => {
        requests += 1;
        if (requests === 4) {
          list.rows = list.rows.filter(({ id }) => id > 17);
        }
        return list.answer(request, origin);
      },
      { pageSize: 20 },
    );
    const { ids, fault } = await pull(threatConnect);
    expect(fault).toBeNull();
    expect([...ids].sort((a, b) => a - b)).toEqual(range(1, 60));
  });

  it('at another host is never followed', async () => {
    const { threatConnect, origin } = await listOf(range(1, 50), 20, {
      sorts: true,
      ids: 'refused',
      nextOrigin: elsewhere,
    });
    const { fault } = await pull(threatConnect);
    expect(fault).toMatchObject({ kind: 'answer', sent: false, isPassing: false });
    expect(fault?.message).toContain(`continues its list at ${elsewhere}, not at ${origin}`);
  });

  it.each(['//127.0.0.2:9/api/v3/indicators', '/\\127.0.0.2:9/x', '//127.0.0.2:9@127.0.0.1/'])(
    'with a path that looks like a host, %s, is not followed',
    async (path) => {
      const list = new ShiftingList(
        range(1, 50).map((id) => ({ id, own: id })),
        { sorts: true, ids: 'refused' },
      );
      const { threatConnect, requests, exchanges, origin } = await stage(
        (request, itself) => {
          const answer = list.answer(request, itself);
          const body = answer.body as Record<string, unknown>;
          const next = `${itself}${path}?tql=x&fields=tags&resultStart=20&resultLimit=20`;
          return { ...answer, body: 'next' in body ? { ...body, next } : body };
        },
        { pageSize: 20 },
      );
      expect((await pull(threatConnect)).fault?.message).toContain('at another place of its interface');
      expect(requests.some(({ target }) => target.includes('127.0.0.2'))).toBe(false);
      expect(requests).toHaveLength(exchanges.length);
      expect(new Set(exchanges.map(({ host }) => host))).toEqual(new Set([new URL(origin).host]));
    },
  );

  it('at another host is not needed where conditions on ids are taken', async () => {
    const { threatConnect } = await listOf(range(1, 50), 20, { sorts: true, ids: 'taken', nextOrigin: elsewhere });
    expect((await pull(threatConnect)).ids.size).toBe(50);
  });

  it('without the query is not followed: everything would come', async () => {
    const list = new ShiftingList(
      range(1, 50).map((id) => ({ id, own: id })),
      { sorts: true, ids: 'refused' },
    );
    const { threatConnect } = await stage(
      (request, origin) => {
        const answer = list.answer(request, origin);
        const body = answer.body as Record<string, unknown>;
        return {
          ...answer,
          body: 'next' in body ? { ...body, next: `${origin}/api/v3/indicators?resultStart=20` } : body,
        };
      },
      { pageSize: 20 },
    );
    expect((await pull(threatConnect)).fault?.message).toContain('without the query it began with');
  });
});

it('does not go on with a server that keeps neither order nor conditions', async () => {
  const { threatConnect } = await listOf([9, 3, 7, 1, 8, 2], 2, { sorts: false, ids: 'refused' });
  const { fault } = await pull(threatConnect);
  expect(fault).toMatchObject({ kind: 'query', httpStatus: 400 });
  const other = await listOf([9, 3, 7, 1, 8, 2], 2, { sorts: false, ids: 'ignored' });
  expect((await pull(other.threatConnect)).fault).toMatchObject({ kind: 'answer', isPassing: false });
});

it('ends with a server that repeats an id over more than a page', async () => {
  const { threatConnect } = await listOf([5, 5, 5, 3, 3, 3, 8, 1], 2, { sorts: false, ids: 'taken' });
  const { ids, fault } = await pull(threatConnect);
  expect(fault).toBeNull();
  expect(ids).toEqual(new Set([5, 3, 8, 1]));
});

it('ends with a server that always has more and names nothing', async () => {
  const { threatConnect } = await stage((_, origin) => ({
    body: { next: `${origin}/api/v3/indicators?x`, data: [], status: 'Success' },
  }));
  expect((await pull(threatConnect)).fault?.message).toContain('names no new indicator');
});

it('refuses a place to go on from that is none', async () => {
  const { threatConnect, requests } = await stage(() => ({ body: {} }));
  for (const next of ['', '{}', 'https://elsewhere.example/', '{"kind":"keys","after":-1}']) {
    expect(await threatConnect.page(TQL, next, NEVER)).toMatchObject({
      ok: false,
      fault: { kind: 'answer', sent: false },
    });
  }
  expect(requests).toEqual([]);
});

function shift(
  list: ShiftingList,
  {
    remove,
    add,
    modify,
  }: { readonly remove: readonly number[]; readonly add: readonly number[]; readonly modify: readonly number[] },
  always: Set<number>,
): void {
  remove.forEach((id) => always.delete(id));
  const last = Math.max(0, ...list.rows.map(({ own }) => own));
  const known = new Set(list.rows.map(({ id }) => id));
  list.rows = [
    ...list.rows
      .filter(({ id }) => !remove.includes(id))
      .map((row) => (modify.includes(row.id) ? { ...row, own: last + 1 + row.id } : row)),
    ...add.filter((id, at) => !known.has(id) && add.indexOf(id) === at).map((id) => ({ id, own: -id })),
  ];
}
