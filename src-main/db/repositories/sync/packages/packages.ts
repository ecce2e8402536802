import type { IndicatorType, Term, TermKind } from '#shared/domain/indicator.ts';
import type { ReadableDb } from '../../../handles.ts';
import { prepared } from '../../../prepared.ts';
import { bucketRange } from './bucket.ts';
import { existing } from '../jobs.ts';
import { isPackaged } from './packaged.ts';
import { termsOf } from '../indicators/stored.ts';
import type { PackageRow } from '../types.ts';

/** Which package of a job. */
export interface PackageKey {
  readonly jobId: number;
  readonly type: IndicatorType;
  readonly prefix: string;
}

/** A package with how many indicators it is to hold; a retiring one is to hold none. */
export interface SizedPackage extends PackageRow {
  readonly members: number;
}

/** An indicator as a package holds it. */
export interface PackageMember {
  readonly id: number;
  readonly terms: readonly Term[];
  readonly rating: number | null;
  readonly confidence: number | null;
  readonly modifiedAt: number;
}

interface StoredPackage {
  readonly job_id: number;
  readonly type: IndicatorType;
  readonly prefix: string;
  readonly root_id: string;
  readonly name: string;
  readonly intel_id: number | null;
  readonly dirty: number;
  readonly touched: number;
  readonly retiring: number;
  readonly sent_digest: string | null;
  readonly server_md5: string | null;
  readonly labels: string;
  readonly labels_due: number;
  readonly scan_due: number;
}

/** What of `sync_indicators` a package is to hold: bind job, type, first and last bucket. */
export const OF_PACKAGE = 'job_id = +? AND type = +? AND goes = 1 AND bucket BETWEEN ? AND ?';

/** Packages of a job, by type and prefix; retiring ones after all others, which must be written before these go. */
function syncPackages(
  db: ReadableDb,
  args: { readonly jobId: number; readonly dirtyOnly?: boolean | undefined },
): SizedPackage[] {
  return prepared<StoredPackage>(
    db,
    `SELECT * FROM sync_packages WHERE job_id = +? ${args.dirtyOnly === true ? 'AND (dirty = 1 OR retiring = 1)' : ''}
     ORDER BY retiring, type, prefix`,
  )
    .all(args.jobId)
    .map((row) => toPackage(db, row));
}

/** One package; null when there is none. */
export function syncPackage(db: ReadableDb, args: PackageKey): SizedPackage | null {
  const row = prepared<StoredPackage>(
    db,
    'SELECT * FROM sync_packages WHERE job_id = +? AND type = +? AND prefix = +?',
  ).get(args.jobId, args.type, args.prefix);
  return row === undefined ? null : toPackage(db, row);
}

/**
 * Indicators a package is to hold, in order of id, the first `limit` of them where that is given; none for a type that goes to
 * the hash list alone. A leaf that was not split yet may be to hold every indicator of its type.
 */
function syncPackageMembers(
  db: ReadableDb,
  args: PackageKey & { readonly limit?: number | undefined },
): PackageMember[] {
  if (!isPackaged(existing(db, args.jobId).config, args.type)) {
    return [];
  }
  return prepared<Omit<PackageMember, 'terms'> & { readonly terms: string }>(
    db,
    `SELECT id, terms, rating, confidence, modified_at AS modifiedAt FROM sync_indicators
     WHERE ${OF_PACKAGE} ORDER BY id LIMIT ?`,
  )
    .all(args.jobId, args.type, ...boundsOf(args.prefix), args.limit ?? -1)
    .map((row) => ({ ...row, terms: termsOf(row.terms) }));
}

/** A value of each of these kinds that a package is to hold, as far as it has any; looks no further than it must. */
function syncTermExamples(
  db: ReadableDb,
  args: PackageKey & { readonly kinds: readonly TermKind[] },
): Pick<Term, 'kind' | 'value'>[] {
  const found = new Map<TermKind, string>();
  const rows = prepared<string>(db, `SELECT terms FROM sync_indicators WHERE ${OF_PACKAGE}`)
    .pluck(true)
    .iterate(args.jobId, args.type, ...boundsOf(args.prefix));
  for (const terms of rows) {
    for (const { kind, value } of termsOf(terms)) {
      if (args.kinds.includes(kind) && !found.has(kind)) {
        found.set(kind, value);
      }
    }
    if (found.size === args.kinds.length) {
      break;
    }
  }
  return [...found].map(([kind, value]) => ({ kind, value }));
}

/**
 * Ids of the indicators of a package that are sent and that it is not to hold any more. Where files go to the hash list alone,
 * those on it are sent for being there.
 */
function syncPackageLeavers(db: ReadableDb, args: PackageKey): number[] {
  const leave = isPackaged(existing(db, args.jobId).config, args.type)
    ? 'goes = 0'
    : 'goes IN (0, 1) AND listed_terms IS NULL';
  return prepared<number>(
    db,
    `SELECT id FROM sync_indicators WHERE job_id = +? AND type = +? AND ${leave} AND bucket BETWEEN ? AND ?
       AND sent = 1 ORDER BY id`,
  )
    .pluck(true)
    .all(args.jobId, args.type, ...boundsOf(args.prefix));
}

/** Tags of the indicators of a package, most frequent first; upper and lower case count as one, as first written. */
function syncPackageTags(
  db: ReadableDb,
  args: PackageKey & { readonly limit: number },
): { readonly tag: string; readonly count: number }[] {
  return prepared<{ tag: string; count: number }>(
    db,
    `SELECT min(t.value) AS tag, count(DISTINCT i.id) AS count FROM sync_indicators i, json_each(i.tags) t
     WHERE i.${OF_PACKAGE.replaceAll(' AND ', ' AND i.').replace('AND i.?', 'AND ?')}
     GROUP BY lower(t.value) ORDER BY count DESC, lower(t.value) LIMIT ?`,
  ).all(args.jobId, args.type, ...boundsOf(args.prefix), args.limit);
}

/** The first and last bucket of a package, for binding. */
export function boundsOf(prefix: string): readonly [number, number] {
  const { first, last } = bucketRange(prefix);
  return [first, last];
}

/** How many indicators of these buckets are to be in a package. */
export function memberCount(db: ReadableDb, { jobId, type, prefix }: PackageKey): number {
  return (
    prepared<number>(db, `SELECT count(*) FROM sync_indicators WHERE ${OF_PACKAGE}`)
      .pluck(true)
      .get(jobId, type, ...boundsOf(prefix)) ?? 0
  );
}

function toPackage(db: ReadableDb, row: StoredPackage): SizedPackage {
  const key = { jobId: row.job_id, type: row.type, prefix: row.prefix };
  return {
    ...key,
    rootId: row.root_id,
    name: row.name,
    intelId: row.intel_id,
    dirty: row.dirty === 1,
    touched: row.touched,
    retiring: row.retiring === 1,
    sentDigest: row.sent_digest,
    serverMd5: row.server_md5,
    labels: JSON.parse(row.labels) as string[],
    labelsDue: row.labels_due === 1,
    scanDue: row.scan_due === 1,
    members: row.retiring === 1 ? 0 : memberCount(db, key),
  };
}

export const packageReads = {
  syncPackages,
  syncPackage,
  syncPackageMembers,
  syncTermExamples,
  syncPackageLeavers,
  syncPackageTags,
} as const;
