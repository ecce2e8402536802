import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';

/** Axe asks every frame, and the browser tells that the preview of a report, which runs nothing, is of no origin. */
export const AXE_IN_PREVIEW = /Failed to execute 'postMessage'[\s\S]*recipient window's origin \('null'\)/;

/** What axe finds against WCAG 2.2 AA on the page as it is now, one line per rule. */
export async function violationsOf(page: Page): Promise<readonly string[]> {
  return found(await axeOn(page).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']).analyze());
}

/**
 * What axe finds on the page as it is now, in the light by every rule and in the dark by those that look at colours,
 * all else being the same there; the page is in the light before and after.
 */
export async function violationsInBothThemes(
  page: Page,
): Promise<Readonly<Record<'light' | 'dark', readonly string[]>>> {
  await showIn(page, 'light');
  const light = await violationsOf(page);
  await showIn(page, 'dark');
  const dark = found(await axeOn(page).withRules(['color-contrast', 'link-in-text-block']).analyze());
  await showIn(page, 'light');
  return { light, dark };
}

/** What it finds on a page that is as it should be. */
export const NO_VIOLATIONS = { light: [], dark: [] } as const;

/** Shows the page in this theme, as the system asks for it. */
async function showIn(page: Page, theme: 'light' | 'dark'): Promise<void> {
  await page.emulateMedia({ colorScheme: theme });
  await page.locator(`html[data-theme=${theme}]`).waitFor();
}

function axeOn(page: Page): AxeBuilder {
  // Describing what passes takes time, and nobody reads it.
  return (
    new AxeBuilder({ page })
      .options({ resultTypes: ['violations'] })
      // The other mode opens a page of its own, which this window does not allow.
      .setLegacyMode(true)
  );
}

function found({ violations }: Awaited<ReturnType<AxeBuilder['analyze']>>): readonly string[] {
  return violations.map(
    ({ id, nodes }) =>
      `${id}: ${nodes.map(({ target, failureSummary }) => `${target.join(' ')} ${failureSummary ?? ''}`).join(' | ')}`,
  );
}
