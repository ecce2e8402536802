import { describe, expect, it } from 'vitest';
import { converge, type Converged } from './converging.ts';
import { killPoint, lostPoint } from './kill-points.ts';

/** Kill points 1 to 10 of thirty; the others are in files of their own, so that none takes long. */
describe('a run that is killed and continued', () => {
  /** As it goes without trouble; once for all of them. */
  let undisturbed: Converged | null = null;
  const calmly = async (): Promise<Converged> => (undisturbed ??= await converge());

  it.each(Array.from({ length: 10 }, (_, index) => index))(
    'ends as one that never was: kill point %i',
    async (seed) => {
      const calm = await calmly();
      const kill = killPoint(seed, calm.steps);
      const { end, states } = await converge({ kill });
      expect([kill, end, states.at(-1)]).toEqual([kill, calm.end, 'done']);
    },
  );

  it.each([0, 1])('ends as one whose answer was not lost: %i', async (seed) => {
    const calm = await calmly();
    const { end, states } = await converge({ lostAfter: lostPoint(seed) });
    expect([end, states]).toEqual([calm.end, ['done']]);
  });
});
