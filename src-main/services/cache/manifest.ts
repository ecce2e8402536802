import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { AppError } from '#shared/errors/app-error.ts';

export const MANIFEST_FILE = 'manifest.json';

const manifestSchema = z.strictObject({
  product: z.literal('assay'),
  format: z.literal(1),
  version: z.string(),
  schemaVersion: z.int(),
  /** Seconds since the epoch. */
  createdAt: z.int(),
  /** Made from a directory with simulated sources. */
  simulated: z.literal(true).optional(),
  files: z.array(
    z.strictObject({
      path: z.string().regex(/^(?!.*(?:^|\/)\.\.?(?:\/|$))[^\\:/][^\\:]*$/),
      bytes: z.int().nonnegative(),
      sha256: z.string().length(64),
    }),
  ),
});

/** What a backup consists of: every file with its size and SHA-256. */
export type Manifest = z.infer<typeof manifestSchema>;
export type ManifestFile = Manifest['files'][number];

export async function describeFile(root: string, path: string, signal?: AbortSignal): Promise<ManifestFile> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of createReadStream(join(root, path), { signal, highWaterMark: 1 << 20 })) {
    hash.update(chunk as Buffer);
    bytes += (chunk as Buffer).length;
  }
  return { path, bytes, sha256: hash.digest('hex') };
}

/** Reads a backup's manifest and compares every file with it. Throws before anything else is touched. */
export async function checkedManifest(source: string): Promise<Manifest> {
  const path = join(source, MANIFEST_FILE);
  if (!existsSync(path)) {
    throw new AppError('NOT_FOUND', `${source} is not a backup: it has no ${MANIFEST_FILE}. Nothing was changed.`);
  }
  const parsed = manifestSchema.safeParse(await readJson(path));
  if (!parsed.success) {
    throw new AppError('UNREADABLE', `${path} is not a manifest this version of Assay can read. Nothing was changed.`);
  }
  for (const file of parsed.data.files) {
    const found = await stat(join(source, file.path)).catch(() => null);
    // A device or a pipe has no end that reading it would come to.
    const same =
      found?.isFile() === true &&
      found.size === file.bytes &&
      (await describeFile(source, file.path)).sha256 === file.sha256;
    if (!same) {
      throw new AppError(
        'UNREADABLE',
        `The backup ${source} is not whole: ${file.path} ${found === null ? 'is missing' : 'differs from the manifest'}. Nothing was changed. Use another backup.`,
      );
    }
  }
  return parsed.data;
}

async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch {
    return null;
  }
}
