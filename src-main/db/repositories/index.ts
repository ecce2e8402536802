import { annotationsReads, annotationsWrites } from './annotations/index.ts';
import { askingReads, askingWrites } from './asking/index.ts';
import { changesReads, changesWrites } from './changes.ts';
import { embargoReads, embargoWrites } from './embargo.ts';
import { evidenceReads, evidenceWrites } from './evidence.ts';
import { filesItemsReads, filesItemsWrites } from './files-items.ts';
import { hashListReads } from './hash-list.ts';
import { hashListWrites } from './hash-list-writes.ts';
import { intakesReads, intakesWrites } from './intakes.ts';
import { keptFilesReads } from './kept-files.ts';
import { keptBackReads } from './kept-back.ts';
import { knownSetsReads, knownSetsWrites } from './known-sets.ts';
import { lifeReads, lifeWrites } from './life/index.ts';
import { metaReads, metaWrites } from './meta.ts';
import { metricsReads, metricsWrites } from './metrics/index.ts';
import { reportsReads, reportsWrites } from './reports/index.ts';
import { scanReads } from './scan-reads.ts';
import { settingsReads, settingsWrites } from './settings.ts';
import { statsReads } from './stats.ts';
import { syncReads, syncWrites } from './sync/index.ts';
import { verifyReads } from './verify.ts';

/**
 * Every repository function, by name. A module here exports `<aggregate>Reads` and `<aggregate>Writes`: plain
 * functions `(db, args) => rows`. Reads take a ReadableDb, writes a WritableDb and run inside one transaction.
 *
 * A write that may take longer than 50 ms is a generator: every stretch up to a `yield` is a transaction of its own,
 * and a waiting person's write runs in between (see ../slices.ts).
 */
export const reads = {
  ...annotationsReads,
  ...askingReads,
  ...changesReads,
  ...embargoReads,
  ...evidenceReads,
  ...filesItemsReads,
  ...hashListReads,
  ...intakesReads,
  ...keptBackReads,
  ...keptFilesReads,
  ...knownSetsReads,
  ...lifeReads,
  ...metaReads,
  ...metricsReads,
  ...reportsReads,
  ...scanReads,
  ...settingsReads,
  ...statsReads,
  ...syncReads,
  ...verifyReads,
} as const;

export const writes = {
  ...annotationsWrites,
  ...askingWrites,
  ...changesWrites,
  ...embargoWrites,
  ...evidenceWrites,
  ...filesItemsWrites,
  ...hashListWrites,
  ...intakesWrites,
  ...knownSetsWrites,
  ...lifeWrites,
  ...metaWrites,
  ...metricsWrites,
  ...reportsWrites,
  ...settingsWrites,
  ...syncWrites,
} as const;

export type ReadRegistry = typeof reads;
export type WriteRegistry = typeof writes;
