import { parentPort } from 'node:worker_threads';
import { KeyIndex } from '../../../../intakes/keys/key-index.ts';
import { PackedReader } from '../../../../intakes/packed-reader.ts';
import { joinShare } from './join-share.ts';
import { Shares, type JoinJob } from './shares.ts';

/** Thread entry: takes shares of look-ups. It never says why one failed; whoever shares with it then does it and meets the cause. */
const opened = new Map<string, KeyIndex>();

/** Sets are looked up chunk by chunk: they stay open until the thread ends. */
function indexOf(job: JoinJob): KeyIndex {
  const name = `${job.section} ${job.path} ${job.header}`;
  const held = opened.get(name);
  if (held !== undefined) {
    return held;
  }
  const reader = new PackedReader(job.path, 'known-set');
  if (JSON.stringify(reader.header) !== job.header) {
    reader.close();
    throw new TypeError('another file');
  }
  const index = new KeyIndex(reader, job.section, job.width, (section) => reader.damage(`section ${section}`));
  opened.set(name, index);
  return index;
}

/** The thread is ended when its work is not wanted any more. */
const never = (): boolean => false;

parentPort?.on('message', (job: JoinJob) => {
  const shares = new Shares(job);
  const digests = new Uint8Array(job.digests);
  for (let share = shares.take(); share !== null; share = shares.take()) {
    try {
      joinShare(indexOf(job), shares, share, digests, never);
      shares.end(share, true);
    } catch {
      shares.end(share, false);
      return;
    }
  }
});
