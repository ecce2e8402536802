import { tryBecomeOwner } from '#main/jobs/owner-lock.ts';

/** Becomes the outbound owner, says so, and stays until it is killed, though nothing refers to what it holds. */
const became = tryBecomeOwner(process.argv[2] ?? '', { pid: process.pid, shell: 'terminal', since: 7 }) !== null;
setTimeout(() => {
  globalThis.gc?.();
  setTimeout(() => process.stdout.write(became ? 'owner\n' : 'refused\n'), 20);
}, 20);
setInterval(() => undefined, 60_000);
