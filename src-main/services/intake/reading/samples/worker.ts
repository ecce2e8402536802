import { parentPort, workerData } from 'node:worker_threads';
import { CHUNK_BYTES, hashFile, type HashOutcome } from './hash-file.ts';
import { CELL, type HashReply, type HashRequest, type HashThreadStart } from './hash-messages.ts';

/** Thread entry: hashes the files it is given, one open at a time. It answers nobody else, so reading may block it. */
const cells = new BigInt64Array((workerData as HashThreadStart).cells);
const buffer = Buffer.allocUnsafeSlow(CHUNK_BYTES);

const isStopped = (): boolean => Atomics.load(cells, CELL.stop) !== 0n;
const onChunk = (bytes: number): boolean => {
  Atomics.add(cells, CELL.bytes, BigInt(bytes));
  return !isStopped();
};

parentPort?.on('message', ({ paths }: HashRequest) => {
  const outcomes = paths.map((path): HashOutcome => {
    const bytes = Buffer.from(path.buffer, path.byteOffset, path.length);
    return isStopped() ? { kind: 'cut' } : hashFile(bytes, buffer, onChunk);
  });
  parentPort?.postMessage({ outcomes } satisfies HashReply, []);
});
