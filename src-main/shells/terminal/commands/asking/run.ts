import { setTimeout as pause } from 'node:timers/promises';
import type { OutboundState } from '#shared/contract/outbound.ts';
import type { Purpose } from '#shared/domain/outcome.ts';
import type { OutboundService } from '../../../../services/outbound/port.ts';
import { EXIT } from '../../exit-codes.ts';
import { counted, utcMinute } from '../../output/numbers.ts';
import type { Session } from '../../session.ts';
import { createSyncTelling, type SyncTelling } from '../sync/tell-runs.ts';

const LOOK_MS = 500;
/** What is asked again as time passes: there is always more of it. */
const BY_ITSELF: ReadonlySet<Purpose> = new Set(['recheck', 'rescan']);
/** Without a terminal the same sentence is not said more often. */
const SAY_MS = 60_000;

/** Is the outbound owner, or stands by to be it, until a request to stop. That is how it is meant to end: 0. */
export async function runOutbound(session: Session, untilEmpty: boolean): Promise<number> {
  return session.withEngine(async ({ outbound, threatSync }) => {
    const giveUp = outbound.seek();
    try {
      return await watch(session, outbound, createSyncTelling(session, threatSync), untilEmpty);
    } finally {
      session.progress.clear();
      await giveUp();
    }
  });
}

async function watch(
  session: Session,
  outbound: OutboundService,
  telling: SyncTelling,
  untilEmpty: boolean,
): Promise<number> {
  const say = createSaying(session);
  while (!session.signal.aborted) {
    const state = await outbound.state();
    say(state);
    const isSyncing = await telling.look(untilEmpty);
    if (untilEmpty && state.owner !== null && !isSyncing) {
      const end = endOf(session, state);
      if (end !== null) {
        return end;
      }
    }
    await pause(LOOK_MS, undefined, { signal: session.signal }).catch(() => undefined);
  }
  return EXIT.done;
}

/** Who asks is said whenever it changes; what goes on is one line that redraws itself, or one a minute into a file. */
function createSaying(session: Session): (state: OutboundState) => void {
  let owner = '';
  let sentence = '';
  let saidAt = 0;
  return (state) => {
    const present = ownerSentence(state);
    if (present !== owner) {
      owner = present;
      session.note(present);
    }
    session.progress.show({
      phase: state.sentence,
      done: Math.round(state.perSecond * 60),
      total: null,
      unit: 'hashes',
      note: 'in the last minute',
    });
    const now = session.host.now();
    if (session.host.stderr.isTTY !== true && state.sentence !== sentence && now - saidAt >= SAY_MS) {
      sentence = state.sentence;
      saidAt = now;
      session.note(state.sentence);
    }
  };
}

/** Who asks sources, as a sentence. */
export function ownerSentence({ owner }: Pick<OutboundState, 'owner'>): string {
  if (owner === null) {
    return 'No process asks sources.';
  }
  const since = utcMinute(Math.floor(owner.since / 1000));
  return owner.isThis
    ? `This process asks sources (${owner.pid}), since ${since} UTC.`
    : `Process ${owner.pid} (${owner.shell}) asks sources since ${since} UTC.`;
}

/** The exit code when nothing is left that goes on by itself: 1 when something waits for a person; null to go on. */
function endOf(session: Session, state: OutboundState): number | null {
  const asked = state.groups.filter(({ purpose }) => !BY_ITSELF.has(purpose));
  const waiting = asked.filter((group) => group.waiting > 0);
  // A request on its way that is in no group is a test of a connection.
  const isAsking = state.inFlight > 0 && (state.groups.length === 0 || asked.some((group) => group.onTheWay > 0));
  if (isAsking || waiting.some((group) => group.endsAt !== null || group.waitingFor === '')) {
    return null;
  }
  if (waiting.length === 0) {
    return EXIT.done;
  }
  const left = waiting.reduce((sum, group) => sum + group.waiting, 0);
  session.warn(`${counted(left, 'hash still waits', 'hashes still wait')}, held back: ${state.sentence}`);
  return EXIT.nothing;
}
