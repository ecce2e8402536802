import { askedReads, askedWrites } from './asked.ts';
import { purgeReads, purgeWrites } from './purge.ts';
import { sizeReads, sizeWrites } from './size.ts';

/** The life of items: when they are asked for again, what they said before, when they go. */
export const lifeReads = {
  ...askedReads,
  ...purgeReads,
  ...sizeReads,
} as const;

export const lifeWrites = {
  ...askedWrites,
  ...purgeWrites,
  ...sizeWrites,
} as const;
