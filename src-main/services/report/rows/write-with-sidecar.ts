import { createHash, type Hash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { basename } from 'node:path';
import type { ReportHead } from '../../../destinations/report/port.ts';
import { sealed } from '../../../destinations/report/seal.ts';
import { SIDECAR_ENDING, sidecarText } from '../../../destinations/report/sidecar.ts';
import { notWritable, stageStreamed, type StagedFile } from '../../../destinations/write-streamed.ts';

/**
 * Writes a report and the manifest beside it, both or neither. Whatever happens, no report lies beside another one's
 * manifest, which would call it changed: an older manifest goes before the new report is in its place.
 */
export async function writeWithSidecar(
  path: string,
  head: ReportHead,
  chunks: AsyncIterable<string | Uint8Array>,
  signal: AbortSignal,
): Promise<{ readonly bytes: number; readonly seal: string }> {
  const beside = `${path}${SIDECAR_ENDING}`;
  const hash = createHash('sha256');
  const table = await stageStreamed(path, hashed(chunks, hash), signal);
  const { bytes } = table;
  let seal = '';
  try {
    const text = sidecarText(head, basename(path), bytes, hash.digest('hex'));
    const chunk = sealed(one(text), (digits) => (seal = digits));
    const sidecar = await stageStreamed(beside, chunk, signal);
    try {
      await rm(beside, { force: true });
    } catch (error) {
      await sidecar.drop();
      throw notWritable(beside, error);
    }
    await keepBoth(path, table, sidecar);
  } catch (error) {
    await table.drop();
    throw error;
  }
  return { bytes, seal };
}

async function keepBoth(path: string, table: StagedFile, sidecar: StagedFile): Promise<void> {
  try {
    await table.keep();
  } catch (error) {
    await sidecar.drop();
    throw error;
  }
  try {
    await sidecar.keep();
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  }
}

async function* hashed(chunks: AsyncIterable<string | Uint8Array>, hash: Hash): AsyncGenerator<string | Uint8Array> {
  for await (const chunk of chunks) {
    hash.update(chunk);
    yield chunk;
  }
}

async function* one(text: string): AsyncGenerator<string> {
  yield text;
}
