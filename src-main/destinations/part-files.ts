import { readdir, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { isRunning } from '../platform/process-mark.ts';

/** Bytes of a name that every usual file system takes. */
const LONGEST_NAME = 255;
const LEFT = /^\.part-(\d{1,10})-\d{1,10}$/;
/** A write adds to its file more often: also one of another machine, whose processes nobody here knows. */
const QUIET_MS = 30 * 60_000;

/** Tells apart what this process writes to one path at a time. */
let writes = 0;

/** Where a file lies beside its place while it is written. Of a name that has no room for more the beginning is kept. */
export function partName(path: string): string {
  writes += 1;
  const ending = `.part-${process.pid}-${writes}`;
  const name = basename(path);
  const bytes = Buffer.from(name, 'utf8');
  const room = LONGEST_NAME - ending.length;
  // A name that is too long by itself stays so: the place then says why it takes no such file.
  return bytes.length <= room || bytes.length > LONGEST_NAME
    ? `${path}${ending}`
    : join(dirname(path), `${bytes.toString('utf8', 0, room - 3).replace(/\ufffd$/, '')}${ending}`);
}

/** Removes what writes of this name left whose process was killed, which may be large; never one that may be under way. */
export async function removeLeftParts(path: string): Promise<void> {
  const name = basename(path);
  const names = await readdir(dirname(path)).catch(() => []);
  for (const one of names) {
    const pid = one.startsWith(name) ? LEFT.exec(one.slice(name.length))?.[1] : undefined;
    if (pid !== undefined && !isRunning(`${pid}:`)) {
      const left = join(dirname(path), one);
      const found = await stat(left).catch(() => null);
      if (found?.isFile() === true && Date.now() - found.mtimeMs > QUIET_MS) {
        await rm(left, { force: true }).catch(() => undefined);
      }
    }
  }
}
