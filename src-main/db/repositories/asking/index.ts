import { cancelQueue } from './cancel.ts';
import { claimRequest } from './claim.ts';
import { putCouldNotAsk } from './could-not-ask.ts';
import { enqueue } from './enqueue.ts';
import { fedGroups, feedRescans } from './feed-rescans.ts';
import { reportOf } from './heard-items.ts';
import { answeredSince, reserveBare, windowSpends } from './ledger.ts';
import { pauseQueue } from './pause.ts';
import { queueDepth, queueGroups, queueOf } from './queue-reads.ts';
import { recoverRequests } from './recover.ts';
import { oldRequestDays, pruneRequests, requestHashes, requestsOnTheirWay, requestsPage } from './requests.ts';
import { settleRequest } from './settle.ts';
import { setSourceConfig, setSourceState, sourceConfigs, sourceCounts, sourceStates } from './source-rows.ts';

export const askingReads = {
  answeredSince,
  fedGroups,
  oldRequestDays,
  queueDepth,
  queueGroups,
  queueOf,
  reportOf,
  requestHashes,
  requestsOnTheirWay,
  requestsPage,
  sourceConfigs,
  sourceCounts,
  sourceStates,
  windowSpends,
} as const;

export const askingWrites = {
  cancelQueue,
  claimRequest,
  enqueue,
  feedRescans,
  pauseQueue,
  pruneRequests,
  putCouldNotAsk,
  recoverRequests,
  reserveBare,
  setSourceConfig,
  setSourceState,
  settleRequest,
} as const;
