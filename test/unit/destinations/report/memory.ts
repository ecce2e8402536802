import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

export interface Held {
  readonly bytes: number;
  /** The longest chunk, in bytes or characters. */
  readonly longest: number;
  /** By how much what is held had grown, at most, at the moments it was looked at. In bytes. */
  readonly grown: number;
}

/** Takes everything a writer writes and keeps nothing, looking at what is still held after every few chunks. */
export async function heldWhile(chunks: AsyncIterable<string | Uint8Array>, every = 10): Promise<Held> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const held = (): number => {
    collect();
    const { heapUsed, external } = process.memoryUsage();
    return heapUsed + external;
  };
  const before = held();
  let bytes = 0;
  let longest = 0;
  let grown = 0;
  let count = 0;
  for await (const chunk of chunks) {
    bytes += chunk.length;
    longest = Math.max(longest, chunk.length);
    count += 1;
    grown = count % every === 0 ? Math.max(grown, held() - before) : grown;
  }
  return { bytes, longest, grown };
}
