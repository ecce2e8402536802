import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { DigestSet } from '#shared/domain/hash.ts';
import type { SourceId } from '#shared/domain/source.ts';
import { sourceCode } from '#shared/domain/source.ts';
import { STATUS_CODE, type Status } from '#shared/domain/status.ts';
import { defaultSyncJob, type SyncJobConfig } from '#shared/settings/sync-job.ts';
import type { Database } from '#main/db/port.ts';
import type { PlannedIndicator, PulledRow, SyncJobRow } from '#main/db/repositories/sync/types.ts';
import { openInlineDatabase } from '#main/db/threads/inline-client.ts';
import { createIntakes } from '#main/services/intake/create-intakes.ts';
import type { IntakeService } from '#main/services/intake/port.ts';
import { createKnownSets } from '#main/services/known-sets/known-sets.ts';
import type { KnownSetsService } from '#main/services/known-sets/port.ts';
import { createKnownFiles, type KnownFiles } from '#main/services/threat-sync/known-files/known-files.ts';

/** 2026-11-22T12:00:00Z, in milliseconds. */
export const NOON = Date.UTC(2026, 10, 22, 12);

export interface Parts {
  readonly directory: string;
  readonly database: Database;
  readonly intakes: IntakeService;
  readonly knownSets: KnownSetsService;
  readonly knownFiles: KnownFiles;
  readonly clock: { at: number; now(): number };
  job(name: string, config?: Partial<SyncJobConfig>): Promise<SyncJobRow>;
  /** Pulls and applies these as one run of the job: decided as said, or new. */
  applied(job: SyncJobRow, rows: readonly PulledRow[], decided?: readonly PlannedIndicator[]): Promise<void>;
  /** What a source said of a file an hour ago. */
  readonly said: (digests: Readonly<Record<string, string>>, source: SourceId, status: Status) => Promise<void>;
}

/** The services that hold back and keep known files, on a data directory of their own. */
export async function startParts(threads: 'inline' | 'workers' = 'inline'): Promise<Parts> {
  const directory = await mkdtemp(join(tmpdir(), 'assay-holding-'));
  const database = await openInlineDatabase(directory);
  const clock = { at: NOON, now: () => clock.at };
  const intakes = await createIntakes(database, { threads, clock, readBy: 'Assay' });
  onTestFinished(async () => {
    await intakes.dispose();
    await database.close();
    await rm(directory, { recursive: true, force: true });
  });
  const knownSets = createKnownSets(database, directory, { clock, threads });
  return {
    directory,
    database,
    intakes,
    knownSets,
    knownFiles: createKnownFiles({ database, knownSets, clock }),
    clock,
    job: (name, config = {}) =>
      database.write('createSyncJob', {
        name,
        config: { ...defaultSyncJob(), ...config },
        lastModified: NOON,
        now: NOON,
      }),
    async applied(job, rows, decided = rows.map(({ id }) => planned(id))) {
      const asked = { jobId: job.id, kind: 'run', asked: 'person', now: NOON } as const;
      const { id: runId } = await database.write('requestSyncRun', asked);
      const run = await database.write('startSyncRun', { runId, now: NOON });
      if (run === null) {
        throw new Error('the run did not start');
      }
      await database.write('clearPulled', { jobId: job.id });
      await database.write('stagePulled', { jobId: job.id, rows });
      await database.write('putPlan', { runId, rows: decided });
      await database.write('applyPlan', { jobId: job.id, runId });
      await database.write('endSyncRun', { runId, state: 'done', counts: run.counts, message: '', now: NOON });
    },
    async said(digests, source, status) {
      const item = {
        digests: digests as DigestSet,
        source: sourceCode(source),
        status: STATUS_CODE[status],
        noAnswer: null,
        score: null,
        threat: null,
        rawCode: null,
        firstSeen: null,
        scannedAt: NOON / 1000 - 3600,
      };
      await database.write('importItems', { items: [item], at: NOON / 1000, mostNew: 1 });
    },
  };
}

/** What a run decided: new and to be sent, unless said otherwise. */
export function planned(id: number, change: Partial<PlannedIndicator> = {}): PlannedIndicator {
  return { id, action: 'new', reason: null, why: '', wanted: true, held: null, heldBy: '', ...change };
}

/** A pulled file with these digests. */
export function pulledFile(id: number, rating: number | null, digests: Readonly<Record<string, string>>): PulledRow {
  const terms = (['md5', 'sha1', 'sha256'] as const).flatMap((kind) =>
    digests[kind] === undefined ? [] : [{ kind, value: digests[kind] }],
  );
  return {
    id,
    type: 'File',
    summary: terms.map(({ value }) => value).join(' : '),
    terms,
    owner: 'Org',
    rating,
    confidence: 50,
    threatAssess: null,
    falsePositives: 0,
    tags: [],
    modifiedAt: NOON,
    link: '',
    gone: null,
    invalid: null,
  };
}
