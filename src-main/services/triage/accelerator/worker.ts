import { parentPort, workerData } from 'node:worker_threads';
import { startReading } from '../../../db/start.ts';
import { acceleratorWanted } from './accelerator.ts';
import { buildAccelerator } from './build.ts';
import type { BuildStart } from './keeper.ts';
import { highestFileId } from '../../../db/repositories/evidence.ts';

/** Thread entry: looks whether an accelerator would pay, builds it if so, tells whether it did, and ends. */
const { directory, databaseFile, cancel, mostFiles } = workerData as BuildStart;
const flag = new Int32Array(cancel);
const { db, use } = startReading(databaseFile);
try {
  const files = highestFileId(db);
  const isWanted = files <= mostFiles && acceleratorWanted(db, directory, files);
  const path = isWanted ? buildAccelerator(db, directory, () => Atomics.load(flag, 0) !== 0) : null;
  parentPort?.postMessage(path !== null, []);
} finally {
  db.close();
  use.release();
}
