import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';

/** Axe asks every frame, and the browser tells that the preview of a report, which runs nothing, is of no origin. */
export const AXE_IN_PREVIEW = /Failed to execute 'postMessage'[\s\S]*recipient window's origin \('null'\)/;

/** What axe finds against WCAG 2.2 AA on the page as it is now, one line per rule. */
export async function violationsOf(page: Page): Promise<readonly string[]> {
  const { violations } = await new AxeBuilder({ page })
    // The other mode opens a page of its own, which this window does not allow.
    .setLegacyMode(true)
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
    .analyze();
  return violations.map(
    ({ id, nodes }) =>
      `${id}: ${nodes.map(({ target, failureSummary }) => `${target.join(' ')} ${failureSummary ?? ''}`).join(' | ')}`,
  );
}
