import { applyWrites } from './apply.ts';
import { holdingWrites } from './holding.ts';
import { indicatorReads } from './indicators.ts';
import { jobReads, jobWrites } from './jobs.ts';
import { ledgerReads, ledgerWrites } from './ledger.ts';
import { listedReads, listedWrites } from './listed.ts';
import { logReads, logWrites } from './log.ts';
import { packageReads } from './packages.ts';
import { pairReads } from './pairs.ts';
import { planReads } from './plan.ts';
import { planWrites } from './plan-writes.ts';
import { pruneWrites } from './prune.ts';
import { pulledWrites } from './pulled.ts';
import { runReads } from './runs.ts';
import { runWrites } from './run-writes.ts';
import { treeWrites } from './tree.ts';

/** Sync jobs: what they pull, decide, sent and did. Times are milliseconds since the epoch. */
export const syncReads = {
  ...indicatorReads,
  ...jobReads,
  ...ledgerReads,
  ...listedReads,
  ...logReads,
  ...packageReads,
  ...pairReads,
  ...planReads,
  ...runReads,
} as const;

export const syncWrites = {
  ...applyWrites,
  ...holdingWrites,
  ...jobWrites,
  ...ledgerWrites,
  ...listedWrites,
  ...logWrites,
  ...planWrites,
  ...pruneWrites,
  ...pulledWrites,
  ...runWrites,
  ...treeWrites,
} as const;
