import { foldReads, foldWrites } from './fold.ts';
import { gaugeReads, gaugeWrites } from './gauges.ts';
import { itemAgeReads } from './item-ages.ts';
import { letGoReads } from './let-go.ts';
import { pruneReads, pruneWrites } from './prune.ts';
import { sumsReads } from './reads.ts';
import { receivedReads, receivedWrites } from './received.ts';
import { recordMetric } from './record.ts';
import { totalsReads } from './totals.ts';

export const metricsReads = {
  ...foldReads,
  ...gaugeReads,
  ...itemAgeReads,
  ...letGoReads,
  ...pruneReads,
  ...receivedReads,
  ...sumsReads,
  ...totalsReads,
} as const;
export const metricsWrites = {
  recordMetric,
  ...foldWrites,
  ...gaugeWrites,
  ...pruneWrites,
  ...receivedWrites,
} as const;
