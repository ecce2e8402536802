import { createHash, type Hash } from 'node:crypto';
import { basename } from 'node:path';
import type { ReportHead } from '../../../destinations/report/port.ts';
import { sealed } from '../../../destinations/report/seal.ts';
import { SIDECAR_ENDING, sidecarText } from '../../../destinations/report/sidecar.ts';
import { keepTogether } from '../../../destinations/keep-together.ts';
import { placeNew, type Placing } from '../../../destinations/place-new.ts';
import { stageStreamed } from '../../../destinations/write-streamed.ts';

/**
 * Writes a report and the manifest beside it, both or neither: after a failure the pair that was there stands whole. A
 * `new` pair takes the place of nothing. No
 * report lies beside another one's manifest meanwhile, which would call it changed.
 */
export async function writeWithSidecar(
  path: string,
  head: ReportHead,
  chunks: AsyncIterable<string | Uint8Array>,
  placing: Placing,
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
    const pair = [
      { path, staged: table },
      { path: beside, staged: sidecar },
    ] as const;
    await (placing === 'new' ? placeNew(pair) : keepTogether(pair));
  } catch (error) {
    await table.drop();
    throw error;
  }
  return { bytes, seal };
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
