import { tryBecomeOwner } from '#main/jobs/owner-lock.ts';

/** Becomes the outbound owner, says so, and stays until it is killed. */
const ownership = tryBecomeOwner(process.argv[2] ?? '', { pid: process.pid, shell: 'terminal', since: 7 });
process.stdout.write(ownership === null ? 'refused\n' : 'owner\n');
setInterval(() => undefined, 60_000);
