import { askedReads, askedWrites } from './asked.ts';
import { disagreementReads, disagreementWrites } from './disputes.ts';
import { effectsReads } from './effects.ts';
import { dueReads } from './due.ts';
import { historyReads, historyWrites } from './history.ts';
import { purgeReads, purgeWrites } from './purge.ts';
import { sizeReads, sizeWrites } from './size.ts';

/** The life of items: when they are asked for again, what they said before, when they go. */
export const lifeReads = {
  ...askedReads,
  ...disagreementReads,
  ...dueReads,
  ...effectsReads,
  ...historyReads,
  ...purgeReads,
  ...sizeReads,
} as const;

export const lifeWrites = {
  ...askedWrites,
  ...disagreementWrites,
  ...historyWrites,
  ...purgeWrites,
  ...sizeWrites,
} as const;
