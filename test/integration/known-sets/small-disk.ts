import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A disk of its own in memory, that can be made as full as a test needs it. */
export interface SmallDisk {
  readonly path: string;
  /** Leaves so many bytes free, to the page. */
  leave(bytes: number): void;
  remove(): void;
}

/** Makes one of so many bytes; null where this process may not mount. */
export function smallDisk(bytes: number): SmallDisk | null {
  const path = mkdtempSync(join(tmpdir(), 'assay-disk-'));
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${bytes}`, 'tmpfs', path]);
  if (mounted.status !== 0) {
    rmdirSync(path);
    return null;
  }
  const filler = join(path, 'filler');
  return {
    path,
    leave(free) {
      rmSync(filler, { force: true });
      const { bavail, bsize } = statfsSync(path);
      writeFileSync(filler, Buffer.alloc(Math.max(bavail * bsize - free, 0)));
    },
    remove() {
      spawnSync('umount', [path]);
      rmdirSync(path);
    },
  };
}
