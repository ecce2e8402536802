/** What is needed of the queue to know whether this process goes on asking. */
interface Queue {
  readonly owner: { readonly isThis: boolean } | null;
  readonly offline: boolean;
  readonly inFlight: number;
  readonly groups: readonly { readonly source: string; readonly waiting: number; readonly paused: boolean }[];
}

/** States in which a source sends nothing until somebody does something. */
const HELD: readonly string[] = ['disabled', 'no-key', 'offline', 'paused', 'stopped'];

/**
 * Hashes this process would go on asking about by itself, now or when a quota allows it. 0 when another process asks, when
 * offline, and when all that waits is held back.
 */
export function workLeft(
  { owner, offline, inFlight, groups }: Queue,
  sources: readonly { readonly source: string; readonly state: string }[],
): number {
  if (owner?.isThis !== true || offline) {
    return 0;
  }
  const held = sources.filter(({ state }) => HELD.includes(state)).map(({ source }) => source);
  const waiting = groups
    .filter((group) => !group.paused && !held.includes(group.source))
    .reduce((sum, group) => sum + group.waiting, 0);
  return Math.max(waiting, inFlight);
}
