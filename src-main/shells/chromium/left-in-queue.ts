import type { OutboundState } from '#shared/contract/outbound.ts';
import { grouped } from '#shared/domain/grouped.ts';

/**
 * The line a window leaves in the terminal when it ends while hashes wait: how many, and what goes on with them. Null
 * when nothing waits. `data` is named when it is not the directory that would be used anyway.
 */
export function leftInQueue({ depth, owner, offline }: OutboundState, data: string | undefined): string | null {
  if (depth === 0) {
    return null;
  }
  const hashes = depth === 1 ? '1 hash waits to be asked about.' : `${grouped(depth)} hashes wait to be asked about.`;
  if (owner !== null && !owner.isThis) {
    return `${hashes} Process ${owner.pid} (${owner.shell}) goes on with ${depth === 1 ? 'it' : 'them'}.`;
  }
  const run = data === undefined ? 'assay run' : `assay --data ${quoted(data)} run`;
  return `${hashes} \`${run}\` goes on with ${depth === 1 ? 'it' : 'them'}${offline ? ' once Assay is online' : ''}.`;
}

function quoted(path: string): string {
  return /^[\w@%+=:,./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}
