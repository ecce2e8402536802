import { describe, expect, it } from 'vitest';
import { PAGE_ROWS, PageCache } from '#renderer/grid/page-cache.ts';

/** A source whose answers a test lets go one by one. */
function source() {
  const asked: number[] = [];
  const open: {
    readonly offset: number;
    readonly answer: (rows: readonly string[]) => void;
    readonly fail: () => void;
  }[] = [];
  const faults: unknown[] = [];
  let drawn = 0;
  const cache = new PageCache<string>(
    (offset) =>
      new Promise((resolve, reject) => {
        asked.push(offset);
        open.push({ offset, answer: resolve, fail: () => reject(new Error('gone')) });
      }),
    () => (drawn += 1),
    (fault) => faults.push(fault),
  );
  const settle = async (word: string): Promise<void> => {
    for (const { offset, answer } of open.splice(0)) {
      answer(Array.from({ length: PAGE_ROWS }, (_, index) => `${word} ${offset + index}`));
    }
    await Promise.resolve();
    await Promise.resolve();
  };
  return { cache, asked, open, faults, settle, drawn: () => drawn };
}

describe('the page cache', () => {
  it('asks once for a page however often it is looked at, and for the next one ahead', async () => {
    const { cache, asked, settle } = source();
    cache.want(0, 20, 1000);
    cache.want(3, 20, 1000);
    await settle('row');
    cache.want(40, 20, 1000);
    expect(asked).toEqual([0, PAGE_ROWS]);
    expect(cache.row(17)).toBe('row 17');
    expect(cache.row(900)).toBeNull();
  });

  it('asks for nothing beyond the last row', () => {
    const { cache, asked } = source();
    cache.want(0, 20, 150);
    expect(asked).toEqual([0]);
  });

  it('keeps showing the rows while newer ones are on their way', async () => {
    const { cache, asked, settle } = source();
    cache.want(0, 20, 150);
    await settle('old');
    cache.refresh(0, 20);
    expect(cache.row(5)).toBe('old 5');
    await settle('new');
    expect(cache.row(5)).toBe('new 5');
    expect(asked).toEqual([0, 0]);
  });

  it('lets answers fall that come after the rows were asked for again', async () => {
    const { cache, open, settle } = source();
    cache.want(0, 20, 150);
    const late = open.splice(0);
    cache.refresh(0, 20);
    await settle('new');
    late[0]?.answer(['late']);
    await Promise.resolve();
    await Promise.resolve();
    expect(cache.row(0)).toBe('new 0');
  });

  it('says a fault once and asks again on the next look', async () => {
    const { cache, asked, open, faults } = source();
    cache.want(0, 20, 150);
    open.splice(0)[0]?.fail();
    await Promise.resolve();
    await Promise.resolve();
    expect(faults).toHaveLength(1);
    cache.want(0, 20, 150);
    expect(asked).toEqual([0, 0]);
  });

  it('holds a bounded number of pages on a walk through a million rows', async () => {
    const { cache, settle } = source();
    for (let first = 0; first < 1_000_000; first += 10_000) {
      cache.want(first, 20, 1_000_000);
      await settle('row');
    }
    const held = Array.from({ length: 1_000_000 / PAGE_ROWS }, (_, page) => cache.row(page * PAGE_ROWS)).filter(
      Boolean,
    );
    expect(held.length).toBeLessThan(50);
    expect(cache.row(990_000)).toBe('row 990000');
  });
});
