import type { Locator, Page } from 'playwright-core';

/** The triage view as a person meets it: by role, name and label, never by class. */
export interface TriagePage {
  readonly grid: Locator;
  readonly filter: Locator;
  /** The row whose hash starts like this. */
  row(hash: string): Locator;
  /** A button of the counts strip. */
  count(name: 'malicious' | 'suspicious' | 'non-malicious' | 'unknown' | 'pending' | 'conflict' | 'stale'): Locator;
  /** The number on it. */
  countOf(name: Parameters<TriagePage['count']>[0]): Promise<number>;
  /** Rows the grid says it holds, its header apart. */
  total(): Promise<number>;
  /** Waits until every drawn row is filled. */
  filled(): Promise<void>;
}

export function triagePage(page: Page): TriagePage {
  const grid = page.getByRole('grid');
  const strip = page.getByRole('group', { name: /verdicts/i });
  const count: TriagePage['count'] = (name) =>
    strip.getByRole('button', { name: new RegExp(`(^|[\\s\\d,])${name}$`, 'i') });
  return {
    grid,
    filter: page.getByRole('searchbox', { name: /filter/i }),
    row: (hash) => grid.getByRole('row').filter({ has: page.locator(`[title="${hash}"]`) }),
    count,
    async countOf(name) {
      const text = await count(name).innerText();
      return Number((/[\d,]+/.exec(text)?.[0] ?? 'NaN').replaceAll(',', ''));
    },
    async total() {
      return Number(await grid.getAttribute('aria-rowcount')) - 1;
    },
    async filled() {
      await page.waitForFunction(() => {
        const rows = [...document.querySelectorAll('[role=grid] [data-row]')];
        return rows.length > 0 && rows.every((row) => row.getAttribute('data-filled') === 'true');
      });
    },
  };
}
