import { describe, expect, it } from 'vitest';
import { converge, type Converged } from './converging.ts';
import { killPoint, lostPoint } from './kill-points.ts';

/** Ten of the thirty kill points, from `first` on, and these losses of an answer. */
export function describeKills(first: number, losses: readonly number[]): void {
  describe('a run that is killed and continued', () => {
    /** As it goes without trouble; once for all of them. */
    let undisturbed: Converged | null = null;
    const calmly = async (): Promise<Converged> => (undisturbed ??= await converge());

    it.each(Array.from({ length: 10 }, (_, index) => first + index))(
      'ends as one that never was: kill point %i',
      async (seed) => {
        const calm = await calmly();
        const kill = killPoint(seed, calm.steps);
        const { end, states } = await converge({ kill });
        expect([kill, end, states.at(-1)]).toEqual([kill, calm.end, 'done']);
      },
    );

    it.each(losses)('ends as one whose answer was not lost: %i', async (seed) => {
      const calm = await calmly();
      const { end, states } = await converge({ lostAfter: lostPoint(seed) });
      expect([end, states]).toEqual([calm.end, ['done']]);
    });
  });
}
