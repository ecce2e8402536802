import { CONTAINERS } from '#main/formats/containers/registry.ts';
import { FORMATS } from '#main/formats/registry.ts';
import type { Reading } from '#shared/contract/intake.ts';
import type { Seed } from './corpus.ts';
import { diceOf } from './dice.ts';
import { makeDocument, makeText } from './documents.ts';
import { mutate } from './mutate.ts';

/** One input and how it is read. */
export interface FuzzCase {
  readonly number: number;
  /** What it was made from, and how. */
  readonly name: string;
  readonly bytes: Buffer;
  readonly door: 'path' | 'text' | 'stream';
  readonly reading: Reading;
  /** Decides where it is cut and changed for the checks. */
  readonly seed: number;
}

const FORCED: readonly string[] = [...FORMATS, ...CONTAINERS].map(({ id }) => id);

/** The numbered input of a run: the same seed, number and fixtures give the same one. */
export function makeCase(seed: number, number: number, seeds: readonly Seed[]): FuzzCase {
  const dice = diceOf(seed, number);
  const begin = dice.chance(0.6) ? dice.pick(seeds) : makeDocument(dice);
  const other = dice.chance(0.5) ? dice.pick(seeds) : makeText(dice);
  const isChanged = dice.chance(0.9);
  const { bytes, how } = isChanged ? mutate(begin.bytes, dice, other.bytes) : { bytes: begin.bytes, how: 'as it is' };
  const door = dice.pick(['path', 'path', 'stream', 'text'] as const);
  const as = dice.pick(['auto', 'auto', 'list'] as const);
  const reading: Reading = dice.chance(0.3) ? { as, format: dice.pick(FORCED) } : { as };
  return { number, name: `${begin.name}: ${how}`, bytes, door, reading, seed };
}
