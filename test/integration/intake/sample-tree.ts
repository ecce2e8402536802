import { truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { IntakeProgress } from '#main/services/intake/port.ts';
import { temporaryFolder } from './intake-bench.ts';

export const GIGABYTE = 2 ** 30;

/** 600 small files, and two of which only the size is on the disk: hashing one takes seconds. */
export function treeWithTwoGiants(): string {
  const path = temporaryFolder();
  for (let n = 0; n < 600; n += 1) {
    writeFileSync(join(path, `small ${n}`), String(n));
  }
  for (const name of ['giant 1', 'giant 2']) {
    writeFileSync(join(path, name), '');
    truncateSync(join(path, name), 60 * GIGABYTE);
  }
  return path;
}

/** All small files are told, and one of the giants is being read. */
export function isAmongGiants({ records, bytesDone }: IntakeProgress): boolean {
  return records === 600 && bytesDone > 10_000_000;
}
