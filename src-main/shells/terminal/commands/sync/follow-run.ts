import { setTimeout as delay } from 'node:timers/promises';
import type { SyncCounts, SyncRunView } from '#shared/contract/sync.ts';
import type { Engine } from '../../../../services/engine-port.ts';
import { EXIT } from '../../exit-codes.ts';
import { count, counted } from '../../output/numbers.ts';
import type { Session } from '../../session.ts';

/** Milliseconds between two looks at a run. */
const LOOK_MS = 200;
/** A wait of so many seconds is worth a line of its own. */
const LONG_S = 3;
/** How often a run is asked for that is interrupted each time. */
const TRIES = 3;

/**
 * Does a run that was asked for, or watches whoever does, until it ended. Ctrl-C asks it to stop; what it wrote until then
 * stays and is known.
 */
export async function followRun(
  session: Session,
  { threatSync, outbound }: Engine,
  asked: SyncRunView,
): Promise<SyncRunView> {
  const giveUp = outbound.seek();
  try {
    let run = asked;
    let isCancelled = false;
    const showProgress = createProgress(session);
    while (run.state === 'requested' || run.state === 'running') {
      if (session.signal.aborted && !isCancelled) {
        isCancelled = true;
        await threatSync.cancel(run.id);
      }
      showProgress(run);
      await delay(LOOK_MS);
      run = await threatSync.run(run.id);
    }
    return run;
  } finally {
    session.progress.clear();
    await giveUp();
  }
}

/**
 * Shows what a run does now; while it waits to try something again, only that. Where there is no line to be drawn anew, a
 * longer wait is said once.
 */
function createProgress(session: Session): (run: SyncRunView) => void {
  const { host, progress } = session;
  let said = 0;
  return ({ state, phase, done, total, retry }) => {
    if (retry === null) {
      const now = state === 'requested' ? 'waiting for its turn' : phase === '' ? 'beginning' : phase;
      progress.show({ phase: now, done, total, unit: 'none' });
      return;
    }
    const left = Math.max(0, Math.ceil((retry.at - host.now()) / 1000));
    progress.show({ phase: `trying again in ${left} s: ${retry.why}`, done: 0, total: null, unit: 'none' });
    if (host.stderr.isTTY !== true && left >= LONG_S && retry.at !== said) {
      said = retry.at;
      session.note(`${retry.why} Trying again in ${left} s.`);
    }
  };
}

/**
 * Asks for a run and follows it. One that was interrupted, as another process did it and ended, is asked for again: what it
 * did is known, and the next one goes on.
 */
export async function followAsked(
  session: Session,
  engine: Engine,
  ask: () => Promise<SyncRunView>,
): Promise<SyncRunView> {
  // Held over all of them: the loop begins what goes on by itself, and would be ended in it.
  const giveUp = engine.outbound.seek();
  try {
    for (let left = TRIES; ; left -= 1) {
      const run = await followRun(session, engine, await ask());
      if (run.state !== 'interrupted' || left <= 1 || session.signal.aborted) {
        return run;
      }
      session.note(`Run ${run.id} was interrupted. It is asked for again.`);
    }
  } finally {
    await giveUp();
  }
}

/** What a run came to, in a line. */
export function countsText(counts: SyncCounts): string {
  const parts = [
    `${count(counts.new)} new`,
    `${count(counts.changed)} changed`,
    `${count(counts.withdrawn)} withdrawn`,
    `${count(counts.unchanged)} unchanged`,
    `${count(counts.held)} held back`,
    ...(counts.invalid > 0 ? [`${count(counts.invalid)} invalid`] : []),
  ];
  return `${parts.join(', ')}; ${counted(counts.packages, 'package')}, ${counted(counts.requests, 'request')}`;
}

/** 0 done, 1 failed or cancelled, 3 when it waits for somebody's word. */
export function codeOfRun({ state }: SyncRunView): number {
  return state === 'done' ? EXIT.done : state === 'needs-approval' ? EXIT.found : EXIT.nothing;
}
