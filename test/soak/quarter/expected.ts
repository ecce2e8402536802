import { sourceCode } from '#shared/domain/source.ts';
import type { ReadableDb } from '#main/db/handles.ts';
import { outcomeCode } from '#main/db/repositories/asking/codes.ts';
import type { LoggedRequest } from '#main/simulators/port.ts';
import type { SimulatedSource } from '#main/simulators/start.ts';
import { addTo } from './books.ts';
import { readDatabase } from './read-database.ts';
import type { QuarterWorld } from './quarter.ts';

/** What a source's simulator saw, as the board should show it. Keys are seconds: the beginning of each interval. */
export interface Expected {
  readonly requests: Map<number, number>;
  readonly items: Map<number, number>;
  readonly successful: Map<number, number>;
  readonly failed: Map<number, number>;
  readonly billed: Map<number, number>;
  /** Requests that were on their way when their process was killed, and those of them that never arrived. */
  readonly lost: number;
  readonly unarrived: number;
}

/** A request as the record of requests has it. */
interface Recorded {
  readonly at: number;
  readonly settledAt: number;
  readonly billed: number;
  readonly isLost: boolean;
  readonly hashes: readonly string[];
}

/**
 * The log by interval. What nobody heard the answer of failed at the moment the next owner found that out: which requests
 * these are only the record of requests knows. They are looked for in the log by moment and hashes; one that is not there was
 * reserved and its process killed before it was sent, and counts as sent.
 */
export function expectedOf(world: QuarterWorld, source: SimulatedSource, stepSeconds: number): Expected {
  const log = world.simulators[source]?.log ?? [];
  const expected = { requests: sums(), items: sums(), successful: sums(), failed: sums(), billed: sums() };
  const bucket = (milliseconds: number): number => Math.floor(milliseconds / 1000 / stepSeconds) * stepSeconds;
  const recorded = readDatabase(world.plan.directory, (db) => recordedRequests(db, source));
  const lost = recorded.filter(({ isLost }) => isLost);
  const unheard = unheardOf(log, recorded);
  for (const request of lost) {
    addTo(expected.billed, bucket(request.at), request.billed);
    addTo(expected.requests, bucket(request.settledAt), 1);
    addTo(expected.failed, bucket(request.settledAt), 1);
    addTo(expected.items, bucket(request.settledAt), request.hashes.length);
  }
  for (const entry of log) {
    if (!unheard.has(entry)) {
      addTo(expected.requests, bucket(entry.at), 1);
      addTo(expected.items, bucket(entry.at), entry.hashes.length);
      addTo(isAnswered(entry) ? expected.successful : expected.failed, bucket(entry.at), 1);
      addTo(expected.billed, bucket(entry.at), callsOf(source, entry));
    }
  }
  return { ...expected, lost: lost.length, unarrived: lost.length - unheard.size };
}

/**
 * Requests that arrived and whose answer nobody heard: those the record of heard ones does not account for. What a killed
 * process had sent may arrive after the clock was moved on, so that a lost one is found by its hashes from its moment on.
 * What was lost is asked again, so that of like ones those heard come last.
 */
function unheardOf(log: readonly LoggedRequest[], recorded: readonly Recorded[]): ReadonlySet<LoggedRequest> {
  const heard = new Map<string, number>();
  for (const request of recorded.filter(({ isLost }) => !isLost)) {
    addTo(heard, keyOf(request), 1);
  }
  const surplus = [...Map.groupBy(log, keyOf)].flatMap(([key, entries]) =>
    entries.slice(0, Math.max(0, entries.length - (heard.get(key) ?? 0))),
  );
  const unheard = new Set<LoggedRequest>();
  for (const request of recorded.filter(({ isLost }) => isLost)) {
    const arrived = surplus.find(
      (entry) =>
        !unheard.has(entry) &&
        Math.floor(entry.at / 1000) >= Math.floor(request.at / 1000) &&
        namesOf(entry) === namesOf(request),
    );
    if (arrived !== undefined) {
      unheard.add(arrived);
    }
  }
  return unheard;
}

/** Requests with the same hashes in one second are alike. */
function keyOf(request: Pick<Recorded, 'at' | 'hashes'>): string {
  return `${Math.floor(request.at / 1000)} ${namesOf(request)}`;
}

function namesOf({ hashes }: Pick<Recorded, 'hashes'>): string {
  return hashes
    .map((hash) => hash.toLowerCase())
    .toSorted()
    .join(' ');
}

/**
 * Calls as Assay counts them: those the source bills. An appliance bills nothing, its requests are counted; a server error may
 * hide an answer that TitaniumCloud billed, and stays spent.
 */
export function callsOf(source: SimulatedSource, { status, hashes, billed }: LoggedRequest): number {
  if (source === 'reversinglabs-a1000') {
    return 1;
  }
  return source === 'reversinglabs-titaniumcloud' && status >= 500 ? hashes.length : billed;
}

/** Not on record is an answer. */
function isAnswered({ status, fault }: LoggedRequest): boolean {
  return fault === undefined && (status === 200 || status === 404);
}

function recordedRequests(db: ReadableDb, source: SimulatedSource): Recorded[] {
  const rows = db.prepare<
    [number],
    { at: number; settledAt: number; outcome: number; billed: number; digests: Uint8Array; bytes: number }
  >(
    `SELECT reserved_at AS at, settled_at AS settledAt, outcome, billed, digests, digest_bytes AS bytes FROM requests
     WHERE source = ? AND outcome IS NOT NULL ORDER BY id`,
  );
  return rows.all(sourceCode(source)).map(({ digests, bytes, outcome, ...row }) => ({
    ...row,
    isLost: outcome === outcomeCode('lost'),
    hashes: Array.from({ length: bytes === 0 ? 0 : digests.length / bytes }, (_, place) =>
      Buffer.from(digests.subarray(place * bytes, (place + 1) * bytes)).toString('hex'),
    ),
  }));
}

function sums(): Map<number, number> {
  return new Map();
}
