import { existsSync } from 'node:fs';
import { readFile, realpath } from 'node:fs/promises';
import { extname, join, normalize, resolve, sep } from 'node:path';
import { AppError } from '#shared/errors/app-error.ts';
import { originOf } from '../../ipc/sender.ts';
import { CONTENT_TYPES, PAGE_HEADERS } from './page-headers.ts';

export interface PageAnswer {
  readonly status: 200 | 400 | 403 | 404 | 405;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

export interface PageRequest {
  readonly method: string;
  readonly url: string;
}

/** @throws AppError UNSUPPORTED when the page was never built into this folder. */
export function requireBuiltPage(root: string): void {
  if (!existsSync(join(root, 'index.html'))) {
    throw new AppError('UNSUPPORTED', 'The window is not built yet. Run `npm run build` first.');
  }
}

/**
 * Answers a page's requests from one folder: GET only, one origin, files under the folder only (links resolved), known
 * extensions only, no listing. Never rejects.
 */
export function createPageFiles(root: string, origin: string): (request: PageRequest) => Promise<PageAnswer> {
  return async ({ method, url }) => {
    if (method !== 'GET') {
      return refuse(405);
    }
    const path = pathUnder(root, origin, url);
    if (typeof path === 'number') {
      return refuse(path);
    }
    const type = CONTENT_TYPES[extname(path)];
    if (type === undefined) {
      return refuse(404);
    }
    try {
      const [real, realRoot] = await Promise.all([realpath(path), realpath(root)]);
      if (!real.startsWith(realRoot + sep)) {
        return refuse(403);
      }
      return { status: 200, headers: { ...PAGE_HEADERS, 'content-type': type }, body: await readFile(real) };
    } catch {
      // Absent, a folder, or unreadable: to a page these are one and the same.
      return refuse(404);
    }
  };
}

/** The file a URL means, or the status that refuses it. Decoded once, then normalised, then held under the root. */
export function pathUnder(root: string, origin: string, url: string): string | 400 | 403 {
  if (originOf(url) !== origin) {
    return 403;
  }
  let decoded: string;
  try {
    decoded = decodeURIComponent(new URL(url).pathname);
  } catch {
    return 400;
  }
  // Windows reads a backslash as a separator, a colon as a drive or stream, and drops trailing dots.
  if (/[\p{Cc}\\:%]|\.(?:\/|$)/u.test(decoded)) {
    return 400;
  }
  const folder = resolve(root);
  const path = normalize(folder + sep + (decoded === '/' || decoded === '' ? 'index.html' : decoded));
  return path.startsWith(folder + sep) ? path : 403;
}

function refuse(status: Exclude<PageAnswer['status'], 200>): PageAnswer {
  const text = { 400: 'Bad request', 403: 'Refused', 404: 'Not found', 405: 'Only GET is served' }[status];
  return {
    status,
    headers: { ...PAGE_HEADERS, 'content-type': 'text/plain; charset=utf-8' },
    body: Buffer.from(text, 'utf8'),
  };
}
