import { applyWrites } from './runs/apply.ts';
import { holdingWrites } from './indicators/holding.ts';
import { indicatorReads } from './indicators/indicators.ts';
import { jobReads, jobWrites } from './jobs.ts';
import { ledgerReads, ledgerWrites } from './packages/ledger.ts';
import { listedReads, listedWrites } from './indicators/listed.ts';
import { logReads, logWrites } from './runs/log.ts';
import { packageReads } from './packages/packages.ts';
import { pairReads } from './packages/pairs.ts';
import { planReads } from './runs/plan.ts';
import { planWrites } from './runs/plan-writes.ts';
import { pruneWrites } from './runs/prune.ts';
import { pulledWrites } from './indicators/pulled.ts';
import { runReads } from './runs/runs.ts';
import { runWrites } from './runs/run-writes.ts';
import { treeWrites } from './packages/tree.ts';

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
