import type { RoundWork, SoakKill } from './kills.ts';
import { live } from './living.ts';
import type { EndedRun, SyncTask } from './messages.ts';
import type { FaultyServices } from './services.ts';

/** A data directory whose processes do one task after the other. */
export interface Life {
  readonly directory: string;
  readonly services: FaultyServices;
  /** Faults of the program, and what else should not have been, in sentences. */
  readonly wrong: string[];
  readonly seen: { kills: number; peakMb: number };
}

/** A task that came to its end. */
export interface Finished {
  readonly run: EndedRun | null;
  readonly work: RoundWork;
  /** Kills that it had no room for. */
  readonly left: readonly SoakKill[];
  /** How its tries ended, in order. */
  readonly states: readonly string[];
}

/** Beyond this a task does not come to an end. */
const MOST_TRIES = 80;
/** Share of the real time that waits between tries take. */
const HURRY = 0.01;

/**
 * Does a task with one process after the other until it ended well. A run that stops to ask is approved, one that failed is
 * asked for again, as a person would.
 */
export async function finish(life: Life, task: SyncTask, kills: readonly SoakKill[]): Promise<Finished> {
  const { services, directory, seen, wrong } = life;
  const left = [...kills];
  const states: string[] = [];
  const work = { steps: 0, writes: 0 };
  let kill: (() => void) | null = null;
  services.onStep(() => {
    work.steps += 1;
    const next = left[0];
    if (next?.by === 'step' && work.steps >= next.at && kill !== null) {
      kill();
      kill = null;
    }
  });
  try {
    let now = task;
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      const next = left[0];
      const dieAtWrite = next?.by === 'write' ? next.at : null;
      const lived = await live(
        { directory, task: now, dieAtWrite, hurry: HURRY },
        { running: (stop) => (kill = stop), fault: (text) => wrong.push(`a fault of the program: ${text}`) },
      );
      kill = null;
      if (lived.kind === 'killed') {
        seen.kills += 1;
        left.shift();
        states.push('killed');
        continue;
      }
      work.writes += lived.writes;
      seen.peakMb = Math.max(seen.peakMb, lived.peakMb);
      const { run } = lived;
      if (run === null || run.state === 'done') {
        return { run, work, left, states: [...states, run?.state ?? 'done'] };
      }
      states.push(run.state === 'failed' ? `failed (${run.message.slice(0, 160)})` : run.state);
      now = run.state === 'needs-approval' ? { kind: 'approve' } : task;
    }
  } finally {
    services.onStep(null);
  }
  throw new Error(`${JSON.stringify(task)} did not end well: ${states.slice(-5).join(', ')}`);
}
