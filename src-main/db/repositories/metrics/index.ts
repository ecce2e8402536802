import { foldReads, foldWrites } from './fold.ts';
import { presenceWrites } from './presence.ts';
import { pruneWrites } from './prune.ts';
import { sumsReads } from './reads.ts';
import { recordMetric } from './record.ts';
import { totalsReads } from './totals.ts';

export const metricsReads = { ...foldReads, ...sumsReads, ...totalsReads } as const;
export const metricsWrites = { recordMetric, ...foldWrites, ...presenceWrites, ...pruneWrites } as const;
