import type { VerdictPolicy } from '#shared/domain/evidence.ts';
import { STATUS_CODE } from '#shared/domain/status.ts';
import { assertNever } from '#shared/errors/app-error.ts';
import { policyOf } from '#shared/settings/verdict-policy.ts';
import { digestKey } from '../../codes.ts';
import type { ReadableDb } from '../../handles.ts';
import { prepared } from '../../prepared.ts';
import { isOnEntry } from '../asking/answers/known-files.ts';
import { entriesByKey, type FileRow } from '../evidence.ts';
import { allSettings } from '../settings.ts';
import { ASKED_DAY } from './asked.ts';
import { effectiveCode } from './item-state.ts';

/**
 * What may go. `not-asked`: items nobody asked for since the start of day `before`. `linked`: files without any item that
 * nobody asked for since then. `unknown`: items that say nothing, `reports`: kept reports, both of what was last asked for
 * on day `upTo` or earlier. Days since the epoch.
 */
export type AgedRule =
  | { readonly kind: 'not-asked' | 'linked'; readonly before: number }
  | { readonly kind: 'unknown' | 'reports'; readonly upTo: number };

/** An item (or its report) that the rule names. */
export interface AgedItem {
  readonly source: number;
  /** As stored, and by the thresholds in force. */
  readonly status: number;
  readonly effective: number;
  readonly noAnswer: number | null;
  readonly day: number;
  /** Bytes of its report; null without one. */
  readonly reportBytes: number | null;
}

/** A file with something the rule names. Whether a kept intake holds it is for the caller to find out, by `keys`. */
export interface AgedFile {
  readonly id: number;
  /** Keys of its digests, as `digest_keys` has them. */
  readonly keys: readonly number[];
  /** What goes, unless a kept intake holds the file. */
  readonly items: readonly AgedItem[];
  /** Named by the rule and kept all the same. */
  readonly kept: { readonly malicious: number; readonly hashList: number; readonly queued: number };
  /** Nothing is left of the file when they are gone. */
  readonly isWhole: boolean;
}

/** What a judgement rests on beside the rows of the file; read once per transaction. */
export interface AgedContext {
  readonly policy: VerdictPolicy;
  /** Seconds since the epoch. */
  readonly now: number;
  readonly hasList: boolean;
  readonly hasQueue: boolean;
}

interface StoredItem {
  readonly source: number;
  readonly status: number;
  readonly noAnswer: number | null;
  readonly score: number | null;
  readonly day: number;
  readonly reportBytes: number | null;
}

const { malicious: MALICIOUS, unknown: UNKNOWN } = STATUS_CODE;
const ITEMS = `SELECT i.source, i.status, i.no_answer AS noAnswer, i.score, ${ASKED_DAY} AS day,
    (SELECT length(report) FROM reports r WHERE r.file_id = i.file_id AND r.source = i.source) AS reportBytes
  FROM items i WHERE i.file_id = +?`;
// Not the text of another query: rows come as arrays from this statement.
const FILE = 'SELECT f.id, f.md5, f.sha1, f.sha256, f.links FROM files f WHERE f.id = +?';
const STAGED = 'SELECT day FROM asked_stage WHERE file_id = +?';

export function agedContext(db: ReadableDb, now: number): AgedContext {
  return {
    policy: policyOf(allSettings(db)),
    now,
    hasList: prepared(db, 'SELECT 1 FROM hash_list_keys LIMIT 1').get() !== undefined,
    hasQueue: prepared(db, 'SELECT 1 FROM queue LIMIT 1').get() !== undefined,
  };
}

/**
 * What the rule names of one file as the database is now; null when it names nothing. A preview and a removal both ask
 * here, so that they agree.
 */
export function agedFile(db: ReadableDb, rule: AgedRule, context: AgedContext, id: number): AgedFile | null {
  const file = prepared<FileRow>(db, FILE).raw(true).get(id);
  if (file === undefined) {
    return null;
  }
  const items = prepared<StoredItem>(db, ITEMS).all(id);
  const staged = prepared<number>(db, STAGED).pluck(true).get(id) ?? -1;
  if (rule.kind === 'linked') {
    return agedLink(db, file, rule.before, context, items.length === 0 ? staged : Number.POSITIVE_INFINITY);
  }
  const all = items.map((item) => ({
    ...item,
    day: Math.max(item.day, staged),
    effective: effectiveCode(item.source, item, context.policy),
  }));
  const named = all.filter((item) => isNamed(rule, item));
  if (named.length === 0) {
    return null;
  }
  // What others say of a file that one calls malicious goes with that: a disagreement must not end by forgetting.
  const keepsAll = rule.kind === 'not-asked' && all.some(({ effective }) => effective === MALICIOUS);
  const may = keepsAll ? [] : named.filter(({ effective }) => effective !== MALICIOUS);
  const malicious = named.length - may.length;
  const why = may.length === 0 ? null : keptFor(db, file, context);
  return {
    id,
    keys: keysOf(file),
    items: why === null ? may.map(({ score: _score, ...item }) => item) : [],
    kept: {
      malicious,
      hashList: why === 'hashList' ? may.length : 0,
      queued: why === 'queued' ? may.length : 0,
    },
    isWhole: rule.kind !== 'reports' && why === null && may.length === items.length,
  };
}

/** A file that only Assay's own reading of its bytes made: it goes with what named it. */
function agedLink(
  db: ReadableDb,
  file: FileRow,
  before: number,
  context: AgedContext,
  staged: number,
): AgedFile | null {
  if (staged < 0 || staged >= before || keptFor(db, file, context) !== null) {
    return null;
  }
  const kept = { malicious: 0, hashList: 0, queued: 0 };
  return { id: file[0], keys: keysOf(file), items: [], kept, isWhole: true };
}

function isNamed(rule: AgedRule, item: StoredItem & { readonly effective: number }): boolean {
  switch (rule.kind) {
    case 'not-asked':
      return item.day < rule.before;
    case 'unknown':
      return item.effective === UNKNOWN && item.day <= rule.upTo;
    case 'reports':
      return item.reportBytes !== null && item.day <= rule.upTo;
    case 'linked':
      // Names files without items alone.
      return false;
    default:
      return assertNever(rule);
  }
}

/** Under any digest: an entry of the hash list that is in force, or a row of the queue. */
function keptFor(db: ReadableDb, file: FileRow, context: AgedContext): 'hashList' | 'queued' | null {
  const digests = digestsOf(file);
  const isListed =
    context.hasList &&
    digests.some((digest) =>
      entriesByKey(db, digestKey(digest), context.now).some((entry) => isOnEntry(entry, digest)),
    );
  if (isListed) {
    return 'hashList';
  }
  const queued = prepared(db, 'SELECT 1 FROM queue WHERE digest = +? LIMIT 1');
  return context.hasQueue && digests.some((digest) => queued.get(digest) !== undefined) ? 'queued' : null;
}

function keysOf(file: FileRow): readonly number[] {
  return digestsOf(file).map(digestKey);
}

function digestsOf([, md5, sha1, sha256]: FileRow): readonly Uint8Array[] {
  return [md5, sha1, sha256].filter((digest) => digest !== null);
}
