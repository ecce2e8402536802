import { INDICATOR_TYPES, type IndicatorType } from '#shared/domain/indicator.ts';
import type { ReadableDb, WritableDb } from '../../../handles.ts';
import { prepared } from '../../../prepared.ts';
import { startSlice, type Sliced } from '../../../slices.ts';
import { BUCKET_BITS } from './bucket.ts';
import { existing } from '../jobs.ts';
import { makeLeaf, startTouching } from './leaves.ts';
import { DIRTY } from './package-identity.ts';
import { memberCount, type PackageKey } from './packages.ts';
import { isPackaged } from './packaged.ts';

const PAGE = 500;
const KEY = 'job_id = +? AND type = +? AND prefix = +?';

/**
 * Puts two halves in the place of a leaf; both are to be written. The leaf retires, or goes at once when nothing was ever
 * sent for it. Returns the prefixes of the halves; none when it cannot be split any further. `refusedWith`: so many
 * indicators were too many for the server, which is kept in mind.
 */
function splitPackage(db: WritableDb, args: PackageKey & { readonly refusedWith?: number | undefined }): string[] {
  if (args.prefix.length >= BUCKET_BITS) {
    return [];
  }
  if (args.refusedWith !== undefined) {
    prepared(db, 'UPDATE sync_jobs SET refused_size = min(coalesce(refused_size, ?), ?) WHERE id = +?').run(
      args.refusedWith,
      args.refusedWith,
      args.jobId,
    );
  }
  const halves = [`${args.prefix}0`, `${args.prefix}1`];
  for (const half of halves) {
    makeLeaf(db, args.jobId, args.type, half);
  }
  retire(db, args);
  return halves;
}

/**
 * Puts one leaf in the place of all below it that together hold fewer than `below` indicators, and less than a quarter of
 * what the server refused as too large: it would be split again. They retire. Returns how many leaves were made so.
 */
function mergePackages(db: WritableDb, given: { readonly jobId: number; readonly below: number }): number {
  const refused = prepared<number | null>(db, 'SELECT refused_size FROM sync_jobs WHERE id = +?')
    .pluck(true)
    .get(given.jobId);
  const args = { ...given, below: Math.min(given.below, (refused ?? Number.POSITIVE_INFINITY) / 4) };
  const rows = prepared<Pick<PackageKey, 'type' | 'prefix'>>(
    db,
    'SELECT type, prefix FROM sync_packages WHERE job_id = +? AND retiring = 0',
  ).all(args.jobId);
  const leaves = rows.map((row) => ({ ...row, members: memberCount(db, { ...row, jobId: args.jobId }) }));
  return INDICATOR_TYPES.map((type) =>
    mergeBelow(
      db,
      args,
      type,
      '',
      leaves.filter((leaf) => leaf.type === type),
    ),
  ).reduce((sum, merged) => sum + merged, 0);
}

/** Forgets a package that never had a document, unless it was touched since it was read: it may be to hold something by now. */
function dropPackage(db: WritableDb, args: PackageKey & { readonly touched: number }): void {
  prepared(db, `DELETE FROM sync_packages WHERE ${KEY} AND (retiring = 1 OR touched = ?)`).run(
    args.jobId,
    args.type,
    args.prefix,
    args.touched,
  );
}

/** Has packages looked at again, of some types or of all, and makes those that are missing. */
function* dirtyPackages(
  db: WritableDb,
  args: { readonly jobId: number; readonly types?: readonly IndicatorType[] | undefined },
): Sliced<void> {
  const { config } = existing(db, args.jobId);
  const page = prepared<{ readonly id: number; readonly bucket: number }>(
    db,
    `SELECT id, bucket FROM sync_indicators WHERE job_id = +? AND type = +? AND goes = 1 AND (bucket, id) > (?, ?)
     ORDER BY bucket, id LIMIT ${PAGE}`,
  );
  const slice = startSlice();
  for (const type of args.types ?? INDICATOR_TYPES) {
    prepared(db, `UPDATE sync_packages SET ${DIRTY} WHERE job_id = +? AND type = +?`).run(args.jobId, type);
    let at = { id: 0, bucket: -1 };
    let rows: readonly (typeof at)[] = [];
    do {
      if (slice.isOver()) {
        yield;
        slice.restart();
      }
      rows = isPackaged(config, type) ? page.all(args.jobId, type, at.bucket, at.id) : [];
      const touch = startTouching(db, args.jobId);
      for (const { bucket } of rows) {
        touch.touch(type, bucket);
      }
      touch.save();
      at = rows.at(-1) ?? at;
    } while (rows.length === PAGE);
  }
}

/** Notes what is known of a package's document without writing it; what is left out stays. */
function setPackage(
  db: WritableDb,
  args: PackageKey & {
    readonly intelId?: number | null | undefined;
    /** Null: the document is to be sent again whatever it says. */
    readonly sentDigest?: string | null | undefined;
    readonly serverMd5?: string | null | undefined;
    /** Only ever true: what settles a write ends it. */
    readonly dirty?: true | undefined;
  },
): void {
  const { jobId, type, prefix } = args;
  const sets: readonly (readonly [string, unknown])[] = [
    ['intel_id', args.intelId],
    ['sent_digest', args.sentDigest],
    ['server_md5', args.serverMd5],
  ];
  for (const [column, value] of sets) {
    if (value !== undefined) {
      prepared(db, `UPDATE sync_packages SET ${column} = ? WHERE ${KEY}`).run(value, jobId, type, prefix);
    }
  }
  if (args.dirty === true) {
    prepared(db, `UPDATE sync_packages SET ${DIRTY} WHERE ${KEY}`).run(jobId, type, prefix);
  }
}

/** Notes the labels its document carries now, which are those it is to carry. */
function setPackageLabels(db: WritableDb, args: PackageKey & { readonly labels: readonly string[] }): void {
  prepared(db, `UPDATE sync_packages SET labels = ?, labels_due = 0 WHERE ${KEY}`).run(
    JSON.stringify(args.labels),
    args.jobId,
    args.type,
    args.prefix,
  );
}

/** Says whether a package is to be scanned for. */
function setScanDue(db: WritableDb, args: PackageKey & { readonly due: boolean }): void {
  prepared(db, `UPDATE sync_packages SET scan_due = ? WHERE ${KEY}`).run(
    args.due ? 1 : 0,
    args.jobId,
    args.type,
    args.prefix,
  );
}

/** Merges the leaves below a prefix, or what of them it can. */
function mergeBelow(
  db: WritableDb,
  args: { readonly jobId: number; readonly below: number },
  type: IndicatorType,
  prefix: string,
  leaves: readonly { readonly prefix: string; readonly members: number }[],
): number {
  if (leaves.length < 2) {
    return 0;
  }
  if (leaves.reduce((sum, { members }) => sum + members, 0) >= args.below) {
    return ['0', '1']
      .map((bit) => `${prefix}${bit}`)
      .map((half) =>
        mergeBelow(
          db,
          args,
          type,
          half,
          leaves.filter((leaf) => leaf.prefix.startsWith(half)),
        ),
      )
      .reduce((sum, merged) => sum + merged, 0);
  }
  makeLeaf(db, args.jobId, type, prefix);
  for (const leaf of leaves) {
    retire(db, { jobId: args.jobId, type, prefix: leaf.prefix });
  }
  return 1;
}

/** A document that may be there is deleted when those that took its indicators over are written. */
function retire(db: WritableDb, key: PackageKey): void {
  if (wasSent(db, key)) {
    prepared(db, `UPDATE sync_packages SET retiring = 1, ${DIRTY} WHERE ${KEY}`).run(key.jobId, key.type, key.prefix);
  } else {
    prepared(db, `DELETE FROM sync_packages WHERE ${KEY}`).run(key.jobId, key.type, key.prefix);
  }
}

function wasSent(db: ReadableDb, { jobId, type, prefix }: PackageKey): boolean {
  return (
    prepared(db, `SELECT 1 FROM sync_packages WHERE ${KEY} AND (intel_id IS NOT NULL OR sent_digest IS NOT NULL)`).get(
      jobId,
      type,
      prefix,
    ) !== undefined ||
    prepared(db, `SELECT 1 FROM sync_ledger WHERE ${KEY} LIMIT 1`).get(jobId, type, prefix) !== undefined
  );
}

export const treeWrites = {
  splitPackage,
  mergePackages,
  dropPackage,
  dirtyPackages,
  setPackage,
  setPackageLabels,
  setScanDue,
} as const;
