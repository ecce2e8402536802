import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';

/** Command lines of other processes that name a folder: browsers that print there. Needs no tool where there is /proc. */
export function browsersOn(folder: string): readonly string[] {
  return commandLines().filter((line) => line.includes(folder));
}

function commandLines(): readonly string[] {
  if (!existsSync('/proc/self/cmdline')) {
    return execFileSync('ps', ['-axo', 'command'], { encoding: 'utf8' }).split('\n');
  }
  const processes = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && name !== String(process.pid));
  return processes.map((name) => {
    try {
      return readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ');
    } catch {
      // It ended meanwhile.
      return '';
    }
  });
}
