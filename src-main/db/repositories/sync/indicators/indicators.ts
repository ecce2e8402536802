import type { Term } from '#shared/domain/indicator.ts';
import type { ReadableDb } from '../../../handles.ts';
import { prepared } from '../../../prepared.ts';
import { existing } from '../jobs.ts';
import { readLeaves } from '../packages/leaves.ts';
import { packageName } from '../packages/package-identity.ts';
import { isPackaged } from '../packages/packaged.ts';
import { termsOf, toKnown, type StoredKnown } from './stored.ts';
import { containing } from './text-search.ts';
import type { IndicatorRow } from '../types.ts';

/** An indicator as it is listed; `package` is empty where none holds it or is to. */
export interface ListedIndicator extends IndicatorRow {
  readonly package: string;
}

/** A file as it was pulled, held back or not. */
export interface PulledFile {
  readonly id: number;
  readonly terms: readonly Term[];
  readonly rating: number | null;
}

const WHICH = {
  sent: 'AND sent = 1',
  held: 'AND held IS NOT NULL',
  all: '',
} as const;
/** In summary, terms, owner or tags, or as its id. */
const HOLDS_TEXT = String.raw`AND (summary LIKE ? ESCAPE '\' OR terms LIKE ? ESCAPE '\' OR owner LIKE ? ESCAPE '\'
  OR tags LIKE ? ESCAPE '\' OR CAST(id AS TEXT) = ?)`;
const INDEX = {
  sent: 'INDEXED BY sync_indicators_sent',
  held: 'INDEXED BY sync_indicators_held',
  all: '',
} as const;

/** Indicators in Threat Response or on its hash list, held back and not released, that match, and packages that are there. */
function syncCounts(
  db: ReadableDb,
  args: { readonly jobId: number },
): { readonly sent: number; readonly held: number; readonly wanted: number; readonly packages: number } {
  const count = (sql: string): number => prepared<number>(db, sql).pluck(true).get(args.jobId) ?? 0;
  const held = count(
    `SELECT count(*) FROM sync_indicators INDEXED BY sync_indicators_held
     WHERE job_id = +? AND held IS NOT NULL AND goes = 0 AND wanted = 1`,
  );
  const goes = ['Address', 'File', 'Host'].reduce(
    (sum, type) =>
      sum + count(`SELECT count(*) FROM sync_indicators WHERE job_id = +? AND type = '${type}' AND goes = 1`),
    0,
  );
  return {
    sent:
      count('SELECT count(*) FROM sync_indicators INDEXED BY sync_indicators_sent WHERE job_id = +? AND sent = 1') +
      count(
        `SELECT count(*) FROM sync_indicators INDEXED BY sync_indicators_listed
         WHERE job_id = +? AND listed_terms IS NOT NULL AND sent = 0`,
      ),
    held,
    wanted: goes + held,
    packages: count('SELECT count(*) FROM sync_packages WHERE job_id = +? AND intel_id IS NOT NULL'),
  };
}

/** Indicators by id: those that are sent, those something stands against (released ones too), or all. */
function syncIndicatorsPage(
  db: ReadableDb,
  args: {
    readonly jobId: number;
    readonly which: keyof typeof WHICH;
    readonly text?: string | undefined;
    readonly offset: number;
    readonly limit: number;
  },
): { readonly total: number; readonly rows: ListedIndicator[] } {
  const text = args.text?.trim() ?? '';
  const from = `sync_indicators ${INDEX[args.which]} WHERE job_id = +? ${WHICH[args.which]}`;
  const like = text === '' ? '' : HOLDS_TEXT;
  const values = text === '' ? [args.jobId] : [args.jobId, ...Array.from({ length: 4 }, () => containing(text)), text];
  const total =
    prepared<number>(db, `SELECT count(*) FROM ${from} ${like}`)
      .pluck(true)
      .get(...values) ?? 0;
  const ids = prepared<number>(db, `SELECT id FROM ${from} ${like} ORDER BY id LIMIT ? OFFSET ?`)
    .pluck(true)
    .all(...values, args.limit, args.offset);
  return { total, rows: syncIndicatorsById(db, { jobId: args.jobId, ids }) };
}

/** Indicators of a job with these ids, in this order; ids it does not know are left out. */
function syncIndicatorsById(
  db: ReadableDb,
  args: { readonly jobId: number; readonly ids: readonly number[] },
): ListedIndicator[] {
  if (args.ids.length === 0) {
    return [];
  }
  const { name, config } = existing(db, args.jobId);
  const leaves = readLeaves(db, args.jobId);
  const row = prepared<StoredKnown & { readonly bucket: number }>(
    db,
    'SELECT * FROM sync_indicators WHERE job_id = +? AND id = +?',
  );
  return args.ids.flatMap((id) => {
    const stored = row.get(args.jobId, id);
    if (stored === undefined) {
      return [];
    }
    const known = toKnown(stored);
    const prefix = known.sent || known.goes ? leaves.find(known.type, stored.bucket) : null;
    const isIn = prefix !== null && isPackaged(config, known.type);
    return [{ ...known, package: isIn ? packageName(name, known.type, prefix) : '' }];
  });
}

/** Files of a job that match, after id `after`, in order of id: what ThreatConnect says, held back or not. */
function syncFiles(
  db: ReadableDb,
  args: { readonly jobId: number; readonly after: number; readonly limit: number },
): PulledFile[] {
  return prepared<Pick<StoredKnown, 'id' | 'terms' | 'rating'>>(
    db,
    `SELECT id, terms, rating FROM sync_indicators WHERE job_id = +? AND id > ? AND +type = 'File' AND wanted = 1
     ORDER BY id LIMIT ?`,
  )
    .all(args.jobId, args.after, args.limit)
    .map(({ id, terms, rating }) => ({ id, terms: termsOf(terms), rating }));
}

export const indicatorReads = { syncCounts, syncIndicatorsPage, syncIndicatorsById, syncFiles } as const;
