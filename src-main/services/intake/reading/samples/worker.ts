import { parentPort, workerData } from 'node:worker_threads';
import { PauseSwitch } from '../pause-switch.ts';
import { CHUNK_BYTES, hashFile, type HashOutcome } from './hash-file.ts';
import { CELL, type HashReply, type HashRequest, type HashThreadStart } from './hash-messages.ts';

/** Thread entry: hashes the files it is given, one open at a time. It answers nobody else, so reading may block it. */
const start = workerData as HashThreadStart;
const cells = new BigInt64Array(start.cells);
const pause = start.pause === null ? null : new PauseSwitch(start.pause);
const buffer = Buffer.allocUnsafeSlow(CHUNK_BYTES);

/** How often a paused thread looks whether it is to stop, in milliseconds. */
const LOOK_MS = 50;

/** True once it is to stop; does not return while paused. */
const isStopped = (): boolean => {
  const mustStop = (): boolean => Atomics.load(cells, CELL.stop) !== 0n;
  for (;;) {
    if (pause?.isPaused !== true || mustStop()) {
      return mustStop();
    }
    pause.block(LOOK_MS);
  }
};
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
