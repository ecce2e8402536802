import { createHash } from 'node:crypto';
import type { KillPoint } from './killable.ts';

/** The seeded n-th of thirty points of a run with so many steps: one in each thirtieth of it, before or after the step. */
export function killPoint(seed: number, steps: number): KillPoint {
  const drawn = createHash('sha256').update(`kill ${seed}`).digest();
  const share = (seed + drawn.readUInt16BE(0) / 0x1_0000) / 30;
  return { at: 1 + Math.floor(share * steps), when: drawn.readUInt8(2) % 2 === 0 ? 'before' : 'after' };
}

/** How many writes are answered before one is not. */
export function lostPoint(seed: number): number {
  return createHash('sha256').update(`lost ${seed}`).digest().readUInt8(0) % 40;
}
