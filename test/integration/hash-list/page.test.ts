import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ListQuery } from '#shared/contract/hash-list.ts';
import { file, NOW, openTestList, PLAIN, type TestList } from './list.ts';

let test: TestList;
beforeEach(async () => {
  test = await openTestList();
  const day = 86_400;
  const entries = [
    { side: 'malicious', note: 'Loader 100%', analyst: 'b.b', expiresAt: NOW + 10 * day, at: 3 },
    { side: 'non-malicious', note: 'contoso VPN', analyst: 'a.a', expiresAt: NOW + 90 * day, at: 1 },
    { side: 'malicious', note: 'stage_2', analyst: 'c.c', expiresAt: null, at: 2 },
    { side: 'non-malicious', note: 'Agent', analyst: 'a.a', expiresAt: NOW - day, at: 4 },
  ] as const;
  for (const [place, { analyst, at, ...entry }] of entries.entries()) {
    test.world.analyst = analyst;
    test.world.now = NOW - 100 * day + at;
    const { sha1: _sha1, ...digests } = file(place + 1);
    await test.list.add({ ...PLAIN, ...entry, groups: [digests] });
  }
  test.world.now = NOW;
});
afterEach(() => test.dispose());

const ask = async (query: Partial<ListQuery>, offset = 0, limit = 10): Promise<{ ids: number[]; total: number }> => {
  const whole = { side: null, expiring: false, text: '', sort: 'addedAt', descending: false, ...query } as const;
  const { rows, total } = await test.list.page(whole, { offset, limit });
  return { ids: rows.map((row) => row.id), total };
};

describe('a page of the list', () => {
  it('sorts by every column, both ways', async () => {
    expect((await ask({ sort: 'addedAt' })).ids).toEqual([2, 3, 1, 4]);
    expect((await ask({ sort: 'addedAt', descending: true })).ids).toEqual([4, 1, 3, 2]);
    expect((await ask({ sort: 'note' })).ids).toEqual([4, 2, 1, 3]);
    expect((await ask({ sort: 'side' })).ids).toEqual([2, 4, 1, 3]);
    expect((await ask({ sort: 'addedBy', descending: true })).ids).toEqual([3, 1, 4, 2]);
    expect((await ask({ sort: 'expiresAt' })).ids).toEqual([4, 1, 2, 3]);
    expect((await ask({ sort: 'expiresAt', descending: true })).ids).toEqual([2, 1, 4, 3]);
    const byHash = [1, 2, 3, 4].sort((a, b) => (file(a).sha256 < file(b).sha256 ? -1 : 1));
    expect((await ask({ sort: 'hash' })).ids).toEqual(byHash);
  });

  it('filters by side and expiry and counts for the buttons', async () => {
    expect(await ask({ side: 'malicious' })).toEqual({ ids: [3, 1], total: 2 });
    expect(await ask({ expiring: true })).toEqual({ ids: [1, 4], total: 2 });
    expect(await ask({ expiring: true, side: 'malicious' })).toEqual({ ids: [1], total: 1 });
    const { counts } = await test.list.page(
      { side: 'malicious', expiring: false, text: 'nothing', sort: 'note', descending: false },
      { offset: 0, limit: 1 },
    );
    expect(counts).toEqual({ all: 4, malicious: 2, 'non-malicious': 2, expiring: 2, digests: 8 });
  });

  it('finds whole and partial digests, notes, reasons and names, nothing by wildcard', async () => {
    expect((await ask({ text: file(2).md5.toUpperCase() })).ids).toEqual([2]);
    expect((await ask({ text: ` ${file(3).sha256} ` })).ids).toEqual([3]);
    expect((await ask({ text: file(3).sha256.slice(21, 40) })).ids).toEqual([3]);
    expect((await ask({ text: 'CONTOSO' })).ids).toEqual([2]);
    expect((await ask({ text: 'a.a' })).ids).toEqual([2, 4]);
    expect((await ask({ text: '100%' })).ids).toEqual([1]);
    expect((await ask({ text: '%' })).ids).toEqual([1]);
    expect((await ask({ text: '_' })).ids).toEqual([3]);
    // A digest never starts in one kind and ends in another.
    expect(await ask({ text: file(1).sha256.slice(-8) + file(1).md5.slice(0, 8) })).toEqual({ ids: [], total: 0 });
  });

  it('pages through searches and deep into the list, and forgets a kept order when the list changes', async () => {
    expect(await ask({ text: 'a' }, 1, 1)).toEqual({ ids: [3], total: 4 });
    await test.list.remove([3]);
    expect(await ask({ text: 'a' }, 1, 1)).toEqual({ ids: [1], total: 3 });
    await test.list.add({ ...PLAIN, side: 'malicious', groups: Array.from({ length: 1200 }, (_, n) => file(`x${n}`)) });
    expect(await ask({}, 1100, 2)).toEqual({ ids: [1102, 1103], total: 1203 });
    expect(await ask({}, 1200, 10)).toEqual({ ids: [1202, 1203, 1204], total: 1203 });
  });
});
