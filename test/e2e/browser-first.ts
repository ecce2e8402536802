import { testBrowser } from './browser.ts';

/** Run once before any file: the files are run two at a time, and the browser is unpacked by nobody else meanwhile. */
export async function setup(): Promise<void> {
  await testBrowser();
}
