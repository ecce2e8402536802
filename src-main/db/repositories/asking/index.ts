import { cancelQueue } from './queue/cancel.ts';
import { claimRequest } from './claim/claim.ts';
import { putCouldNotAsk } from './answers/could-not-ask.ts';
import { enqueue } from './queue/enqueue.ts';
import { fedGroups, feedRescans } from './queue/feed-rescans.ts';
import { reportOf } from './answers/heard-items.ts';
import { answeredSince, reserveBare, windowSpends } from './ledger/ledger.ts';
import { pauseQueue } from './queue/pause.ts';
import { queueDepth, queueGroups, queueOf } from './queue/queue-reads.ts';
import { recoverRequests } from './recover.ts';
import { oldRequestDays, pruneRequests, requestHashes, requestsOnTheirWay, requestsPage } from './ledger/requests.ts';
import { settleRequest } from './answers/settle.ts';
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
