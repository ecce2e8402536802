// Runs as a process of its own, so that Node's proxy and certificate settings can be given to it: fetches Electron's
// runtime into Electron's own cache. The archive is checked against the sums inside the npm package by @electron/get.
// Ends with 0, or with 1 and the reason as the last line of standard output.
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { download } from './download.ts';

/** The part of @electron/get that is used. */
interface ElectronGet {
  readonly downloadArtifact: (details: {
    readonly version: string;
    readonly artifactName: 'electron';
    readonly cacheRoot: string | undefined;
    readonly checksums: unknown;
    readonly platform: string;
    readonly arch: string;
    readonly downloader: { download(url: string, target: string): Promise<void> };
  }) => Promise<string>;
}

const LIMITS = { connectMs: 5000, stallMs: 10_000 } as const;

/** Fetches the archive of the installed electron package's version into its cache; returns its path. */
export async function fetchElectron(root: string, say: (text: string) => void): Promise<string> {
  const require = createRequire(join(root, 'node_modules', 'electron', 'package.json'));
  const manifest = require('./package.json') as { readonly version: string };
  const { downloadArtifact } = require('@electron/get') as ElectronGet;
  let shown = -1;
  return downloadArtifact({
    version: manifest.version,
    artifactName: 'electron',
    cacheRoot: process.env['electron_config_cache'],
    checksums: require('./checksums.json'),
    platform: process.platform,
    arch: process.arch,
    downloader: {
      download: (url, target) =>
        download(url, target, LIMITS, (done, total) => {
          const share = total === null ? -1 : Math.floor((done / total) * 20);
          if (share !== shown && total !== null) {
            shown = share;
            say(`\rFetching Electron ${share * 5} % of ${Math.round(total / 1e6)} MB (${basename(url)})`);
          }
        }),
    },
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [, , root = ''] = process.argv;
  const isTerminal = process.stderr.isTTY;
  try {
    await fetchElectron(root, (text) => isTerminal && process.stderr.write(text));
  } catch (error) {
    process.stdout.write(`${error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)}\n`);
    process.exitCode = 1;
  } finally {
    if (isTerminal) {
      process.stderr.write('\r\u001b[K');
    }
  }
}
