import type { BrowserContext } from 'playwright-core';
import { createPageFiles } from '../page/page-files.ts';
import { originOf } from '../../ipc/sender.ts';
import { PAGE_ORIGIN } from './launch-options.ts';

/** Serves the built page from disk under its own origin. Every other request is aborted and told. */
export async function servePage(
  context: BrowserContext,
  root: string,
  devOrigin: string | null,
  onRefusal: (what: string, detail: string) => void,
): Promise<void> {
  const answer = createPageFiles(root, PAGE_ORIGIN);
  await context.route('**/*', async (route) => {
    const request = route.request();
    const origin = originOf(request.url());
    if (origin === PAGE_ORIGIN) {
      const { status, headers, body } = await answer({ method: request.method(), url: request.url() });
      await route.fulfill({ status, headers: { ...headers }, body: Buffer.from(body) });
    } else if (devOrigin !== null && origin === devOrigin) {
      await route.continue();
    } else {
      onRefusal('request', origin ?? 'no origin');
      // An aborted navigation leaves the page where it is; a blocked one would put an error page in its place.
      await route.abort(request.isNavigationRequest() ? 'aborted' : 'blockedbyclient');
    }
  });
}
