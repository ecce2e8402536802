import { X509Certificate } from 'node:crypto';
import { constants, type Stats } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { createSecureContext, getCACertificates, rootCertificates, type SecureContext } from 'node:tls';
import { codeOf, ConnectionFault } from './connection-fault.ts';

const BEGIN = '-----BEGIN CERTIFICATE-----';
const BLOCK = /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g;
/** No list of authorities is longer; a path that names something else must not fill the memory. */
const LONGEST_PEM = 16 * 1024 * 1024;

/**
 * What TLS connections are checked against: Node's own roots, the system's, and those of a PEM file. A file that cannot
 * be read, or holds none, is a fault of kind `tls` that names the path; it is read again for the next connection.
 */
export async function trustOf(caFile: string | null): Promise<SecureContext> {
  const own = caFile === null ? [] : await authoritiesOf(caFile);
  return createSecureContext({ ca: [...commonRoots(), ...own], minVersion: 'TLSv1.2' });
}

async function authoritiesOf(path: string): Promise<readonly string[]> {
  const text = await readPem(path);
  const blocks = text.match(BLOCK) ?? [];
  if (blocks.length === 0) {
    throw new ConnectionFault(
      'tls',
      `${path} holds no certificate. The file with authorities must be PEM text with ${BEGIN} in it.`,
    );
  }
  for (const block of blocks) {
    try {
      void new X509Certificate(block);
    } catch {
      throw new ConnectionFault('tls', `${path} holds a certificate that cannot be read. Export the authority again.`);
    }
  }
  return blocks;
}

/** Empty where it is too long to be a list of authorities. */
async function readPem(path: string): Promise<string> {
  let file: FileHandle | null = null;
  try {
    // Without waiting for whoever may write into a pipe.
    file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    const { size } = await regular(file);
    return size > LONGEST_PEM ? '' : (await file.readFile()).toString('latin1');
  } catch (error) {
    const code = codeOf(error);
    const why = code === 'ENOENT' ? 'is not there' : `cannot be read (${code})`;
    throw new ConnectionFault('tls', `The file with certificate authorities ${why}: ${path}.`);
  } finally {
    await file?.close();
  }
}

/** A device or a pipe may have no end. */
async function regular(file: FileHandle): Promise<Stats> {
  const stats = await file.stat();
  if (!stats.isFile()) {
    throw Object.assign(new Error('not a file'), { code: stats.isDirectory() ? 'EISDIR' : 'no file' });
  }
  return stats;
}

let roots: readonly string[] | null = null;

function commonRoots(): readonly string[] {
  roots ??= [...new Set([...rootCertificates, ...systemRoots()].map((pem) => pem.trim()))];
  return roots;
}

function systemRoots(): readonly string[] {
  try {
    return getCACertificates('system');
  } catch {
    // A system without a store of authorities leaves Node's own.
    return [];
  }
}
