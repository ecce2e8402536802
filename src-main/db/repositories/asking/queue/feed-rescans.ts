import type { DigestKind } from '#shared/domain/hash.ts';
import { dueBy, heldUntil, type LifePolicy } from '#shared/domain/life.ts';
import { sourceOfCode } from '#shared/domain/source.ts';
import { statusOfCode } from '#shared/domain/status.ts';
import { noAnswerOfCode, NOT_ASKED } from '../../../codes.ts';
import type { ReadableDb, WritableDb } from '../../../handles.ts';
import { prepared } from '../../../prepared.ts';
import { startSlice, type Sliced } from '../../../slices.ts';
import { appendChange } from '../../changes.ts';
import { filesByIds, type FileRow } from '../../evidence.ts';
import { allSettings } from '../../settings.ts';
import { purposeCode } from '../codes.ts';
import { gatherGroups, pausedLookup, startGroup, type GroupKey } from './groups.ts';
import { keptHere, type KeptHere } from '../claim/kept-here.ts';
import { digestsOf, strongestTaken } from '../answers/known-files.ts';
import { isHeld, isSwitchedOff, stateOf } from '../source-rows.ts';

/** Files looked at before the clock is. */
const LOOK_EVERY = 16;
const DAY_SECONDS = 86_400;

/** Items that were found due, to be queued for one source. */
export interface FeedArgs {
  readonly source: number;
  readonly takes: readonly DigestKind[];
  readonly policy: LifePolicy;
  /** `rescan`: items whose answer is due. `new`: items that were never asked about and are held no more. */
  readonly purpose: 'new' | 'rescan';
  /** Files in the order in which they are to be asked about. */
  readonly files: readonly FedFile[];
  /** Rows to queue at most. */
  readonly most: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

export interface FedFile {
  readonly id: number;
  /** Asked for again before the others. */
  readonly isMalicious: boolean;
}

export interface Fed {
  readonly queued: number;
  /** How many of `files` were looked at, from the first. */
  readonly looked: number;
}

interface LivingRow {
  readonly status: number;
  readonly no_answer: number | null;
  readonly first_seen: number | null;
  readonly created_at: number;
  readonly scanned_at: number | null;
  readonly next_scan_at: number | null;
}

/** One transaction's view of what may be queued. */
interface Feeding {
  readonly args: FeedArgs;
  readonly key: GroupKey;
  readonly now: number;
  readonly kept: KeptHere;
}

const NEW = purposeCode('new');
const RESCAN = purposeCode('rescan');

/**
 * Queues items that are due, each by the strongest digest its source takes. All is looked at again here: what is not due
 * any more, or is queued under any digest, is passed over; what is listed, embargoed or cannot be asked about is held for a
 * while, so that it is not found again at once. Nothing is queued while the source is held back. What was queued saved
 * nobody a call and nobody asked for it: neither is counted.
 */
export function* feedRescans(db: WritableDb, args: FeedArgs): Sliced<Fed> {
  const key: GroupKey = { source: args.source, purpose: purposeCode(args.purpose), intakeId: 0 };
  let queued = 0;
  let looked = 0;
  startGroup(db, key, args.at);
  while (looked < args.files.length && queued < args.most && mayFeed(db, key)) {
    const slice = startSlice();
    const now = Math.floor(args.at / 1000);
    const feeding = { args, key, now, kept: keptHere(db, now) };
    const counts = gatherGroups();
    let fed = 0;
    do {
      const page = args.files.slice(looked, looked + LOOK_EVERY);
      const rows = new Map(
        filesByIds(
          db,
          page.map(({ id }) => id),
        ).map((row) => [row[0], row]),
      );
      for (const file of page) {
        if (queued + fed < args.most) {
          const row = rows.get(file.id);
          fed += row !== undefined && feedOne(db, feeding, row, file.isMalicious) ? 1 : 0;
          looked += 1;
        }
      }
    } while (looked < args.files.length && queued + fed < args.most && !slice.isOver());
    counts.add(key, 'waiting', fed);
    counts.save(db, args.at);
    queued += fed;
    if (fed > 0) {
      appendChange(db, 'queue', args.source);
    }
    if (looked < args.files.length && queued < args.most) {
      yield;
    }
  }
  return { queued, looked };
}

/** Rows that wait in the groups that are fed, by source and purpose. */
export function fedGroups(
  db: ReadableDb,
  _args: Record<string, never> = {},
): { readonly source: number; readonly purpose: 'new' | 'rescan'; readonly waiting: number }[] {
  return prepared<{ source: number; purpose: number; waiting: number }>(
    db,
    'SELECT source, purpose, waiting FROM queue_groups WHERE intake_id = 0 AND purpose IN (?, ?)',
  )
    .all(NEW, RESCAN)
    .map(({ source, purpose, waiting }) => ({ source, purpose: purpose === NEW ? 'new' : 'rescan', waiting }));
}

function mayFeed(db: ReadableDb, key: GroupKey): boolean {
  const isSourceHeld = isHeld(stateOf(db, key.source)) || isSwitchedOff(db, key.source);
  return !allSettings(db).offline && !isSourceHeld && !pausedLookup(db)(key);
}

/** True when a row was queued. */
function feedOne(db: WritableDb, feeding: Feeding, file: FileRow, isMalicious: boolean): boolean {
  const { args, key, kept, now } = feeding;
  const item = prepared<LivingRow>(
    db,
    `SELECT status, no_answer, first_seen, created_at, scanned_at, next_scan_at FROM items
     WHERE file_id = +? AND source = +?`,
  ).get(file[0], args.source);
  if (item === undefined || !isDue(item, feeding)) {
    return false;
  }
  const digests = digestsOf(file);
  const digest = strongestTaken(file, args.takes);
  if (kept.isListed(digests) || kept.isEmbargoed(digests) || digest === null) {
    hold(db, file[0], args.source, kept.isListed(digests) ? kept.lookAgainAt(digests) : now + DAY_SECONDS);
    return false;
  }
  if (digests.some((one) => isQueued(db, one, args.source))) {
    return false;
  }
  prepared(
    db,
    `INSERT INTO queue (source, digest, bytes, purpose, intake_id, not_before, created_at) VALUES (?, ?, ?, ?, 0, ?, ?)`,
    // Rows of a group go by their time first: malicious ones are before the others, whenever they were queued.
  ).run(args.source, digest, digest.length, key.purpose, isMalicious ? 0 : 1, args.at);
  if (args.purpose === 'new') {
    // It comes back once: who takes it out of the queue again means it.
    hold(db, file[0], args.source, null);
  }
  return true;
}

function isDue(item: LivingRow, { args, now }: Feeding): boolean {
  if (args.purpose === 'new' || item.no_answer === NOT_ASKED) {
    const until = heldUntil(item.next_scan_at, now);
    const isHeldNoMore = until !== null && until <= now;
    return args.purpose === 'new' && item.no_answer === NOT_ASKED && isHeldNoMore;
  }
  const source = sourceOfCode(args.source);
  const due =
    source === null
      ? null
      : dueBy(
          {
            source,
            status: statusOfCode(item.status),
            noAnswer: noAnswerOfCode(item.no_answer),
            firstSeen: item.first_seen,
            createdAt: item.created_at,
            scannedAt: item.scanned_at,
            notBefore: item.next_scan_at,
          },
          args.policy,
          now,
        );
  return due !== null && due <= now;
}

function isQueued(db: ReadableDb, digest: Uint8Array, source: number): boolean {
  return prepared(db, 'SELECT 1 FROM queue WHERE digest = +? AND source = +?').get(digest, source) !== undefined;
}

/** Not found again before that time, seconds since the epoch; null for no such time. */
function hold(db: WritableDb, fileId: number, source: number, until: number | null): void {
  prepared(db, 'UPDATE items SET next_scan_at = ? WHERE file_id = +? AND source = +?').run(until, fileId, source);
}
