import type { Protocol } from 'electron';
import { createPageFiles } from '../page/page-files.ts';
import { APP_ORIGIN, APP_SCHEME } from './window-options.ts';

/** Before ready: makes `app:` a scheme with origins, secure contexts and cached code. It bypasses nothing. */
export function registerAppScheme(protocol: Pick<Protocol, 'registerSchemesAsPrivileged'>): void {
  protocol.registerSchemesAsPrivileged([
    {
      scheme: APP_SCHEME,
      privileges: {
        standard: true,
        secure: true,
        supportFetchAPI: true,
        codeCache: true,
        bypassCSP: false,
        corsEnabled: false,
        allowServiceWorkers: false,
      },
    },
  ]);
}

/** After ready: answers `app://assay/` from the folder of the built page. */
export function serveAppScheme(protocol: Pick<Protocol, 'handle'>, root: string): void {
  const answer = createPageFiles(root, APP_ORIGIN);
  protocol.handle(APP_SCHEME, async (request) => {
    const { status, headers, body } = await answer(request);
    return new Response(body.slice(), { status, headers: { ...headers } });
  });
}
