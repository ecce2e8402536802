import { seededRandom } from '#main/simulators/server/draw.ts';

/** What a round came to without trouble. */
export interface RoundWork {
  /** Requests, and moments before and after writes. */
  readonly steps: number;
  /** Of the database. */
  readonly writes: number;
}

/** Where a process is killed: at so many steps since its round began, or at so many writes of the database in its own life. */
export interface SoakKill {
  readonly by: 'step' | 'write';
  readonly at: number;
}

/** Spreads kills over rounds: more in those that do more, yet some in the short ones too. The same for the same seed. */
export function planKills(work: readonly RoundWork[], kills: number, seed: number): readonly (readonly SoakKill[])[] {
  const random = seededRandom(seed ^ 0x6b11);
  const weights = work.map(({ steps }) => Math.sqrt(steps));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const planned = work.map((): SoakKill[] => []);
  for (let n = 0; n < kills; n += 1) {
    let left = ((n + random()) / kills) * total;
    for (const [index, weight] of weights.entries()) {
      if (left < weight) {
        planned[index]?.push(killAt(work[index], left / weight, random()));
        break;
      }
      left -= weight;
    }
  }
  return planned;
}

/** One that its round had no room for falls early in the next one. */
export function postponed(kills: readonly SoakKill[]): readonly SoakKill[] {
  return kills.map((_, index) => ({ by: 'step', at: 2 + 3 * index }));
}

function killAt(work: RoundWork | undefined, share: number, drawn: number): SoakKill {
  const { steps = 0, writes = 0 } = work ?? {};
  return drawn < 0.6 || writes === 0
    ? { by: 'step', at: 1 + Math.floor(share * steps) }
    : { by: 'write', at: 1 + Math.floor(share * writes) };
}
