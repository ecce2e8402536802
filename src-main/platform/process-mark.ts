import { readFileSync } from 'node:fs';

/** Names this process so that a later one can tell whether it still runs: its number and, on Linux, when it started. */
export function processMark(): string {
  return `${process.pid}:${startOf(process.pid)}`;
}

/** Whether the process of a mark still runs. A number taken over by another process does not count where that can be told. */
export function isRunning(mark: string): boolean {
  const [number, start] = mark.split(':');
  const pid = Number(number);
  if (!Number.isSafeInteger(pid) || pid <= 0) {
    return false;
  }
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') {
      return false;
    }
  }
  return start === '' || start === startOf(pid);
}

/** Clock ticks from the machine's start to the process's, or '' where the system does not say. */
function startOf(pid: number): string {
  try {
    // The command's name, in parentheses, may hold anything; the fields after it are plain.
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return text.slice(text.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}
