import type { OutboundState } from '#shared/contract/outbound.ts';
import { grouped } from '#shared/domain/grouped.ts';
import { sourceLabel, type SourceId } from '#shared/domain/source.ts';

/** One source that has something waiting or on its way. */
export interface SourceActivity {
  readonly source: SourceId;
  readonly waiting: number;
  /** Empty when it is being asked now. */
  readonly waitingFor: string;
}

/** What is going on, for the status bar and the terminal: who asks, how much waits, and what for. */
export function stateSentence(
  state: Pick<OutboundState, 'owner' | 'offline' | 'depth' | 'inFlight'>,
  activities: readonly SourceActivity[],
): string {
  const waiting = `${grouped(state.depth)} ${state.depth === 1 ? 'hash waits' : 'hashes wait'}`;
  if (state.offline) {
    return state.depth === 0
      ? 'Offline: nothing leaves this machine.'
      : `Offline: nothing leaves this machine; ${waiting}.`;
  }
  if (state.depth === 0) {
    return state.inFlight === 0 ? 'Nothing waits to be asked.' : 'The last requests are on their way.';
  }
  if (state.owner === null) {
    return `${waiting}, and no process asks sources now. An open window or "assay run" does.`;
  }
  const asking = activities.filter((one) => one.waitingFor === '').map((one) => sourceLabel(one.source));
  const waits = activities
    .filter((one) => one.waitingFor !== '')
    .map((one) => `${sourceLabel(one.source)} waits for ${one.waitingFor}`);
  const parts = [...(asking.length > 0 ? [`asking ${inWords(asking)}`] : []), ...waits];
  return parts.length === 0 ? `${waiting}.` : `${waiting}: ${parts.join('; ')}.`;
}

/** "A", "A and B", "A, B and C". */
function inWords(names: readonly string[]): string {
  const last = names.at(-1) ?? '';
  return names.length < 2 ? last : `${names.slice(0, -1).join(', ')} and ${last}`;
}
