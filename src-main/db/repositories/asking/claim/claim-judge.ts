import type { VerdictPolicy } from '#shared/domain/evidence.ts';
import type { DigestKind } from '#shared/domain/hash.ts';
import { AHEAD_SECONDS } from '#shared/domain/life.ts';
import type { AvoidedBy } from '#shared/domain/outcome.ts';
import { sourceOfCode } from '#shared/domain/source.ts';
import { STATUS_CODE, statusOfCode } from '#shared/domain/status.ts';
import { effectiveStatus } from '#shared/domain/verdict.ts';
import { policyOf } from '#shared/settings/verdict-policy.ts';
import { linkClass, NO_ANSWER_CODE, noAnswerOfCode } from '../../../codes.ts';
import type { WritableDb } from '../../../handles.ts';
import { prepared } from '../../../prepared.ts';
import { itemsOfFile, type FileRow, type ItemRow } from '../../evidence.ts';
import type { ClaimArgs } from '../../queue-types.ts';
import { allSettings } from '../../settings.ts';
import { AWAITS, kindOfBytes, purposeCode } from '../codes.ts';
import { keptHere } from './kept-here.ts';
import { aliasesOf, filesOf, isEmptyFile, strongestTaken } from '../answers/known-files.ts';
import { isHeld, isSwitchedOff, stateOf } from '../source-rows.ts';
import type { GroupKey } from '../queue/groups.ts';
import type { WantedRow } from './wants.ts';

/** A queue row as the claim decides about it. */
export interface DueRow extends WantedRow {
  readonly digest: Uint8Array;
  readonly attempts: number;
  /** Requests in a row that ended with the process that asked. */
  readonly losses: number;
  readonly not_before: number;
  readonly stage: number;
  readonly stop_on_malicious: number;
  readonly force: number;
  /** 1: asked alone, by the single call. */
  readonly single: number;
  /** What the single call is still to tell after an answer that was heard, by AWAITS; 0 when none was. */
  readonly awaits: number;
  readonly created_at: number;
}

export type Judged =
  | { readonly kind: 'send' }
  /** Listed: it is dropped; what was never asked about is looked at again then, seconds since the epoch. */
  | { readonly kind: 'listed'; readonly files: readonly number[]; readonly lookAgainAt: number }
  | { readonly kind: 'drop'; readonly why: AvoidedBy | 'embargo' | 'empty' | 'could-not-ask' }
  /** Another digest of the file is on its way to this source: whoever waits for this one waits for that row. */
  | { readonly kind: 'join'; readonly rowId: number }
  /** The source takes no such digest, but this other one of the file. */
  | { readonly kind: 'ask-by'; readonly digest: Uint8Array }
  /** A lower stage of the digest is still to be asked. */
  | { readonly kind: 'park' };

const RECHECK = purposeCode('recheck');
const RESCAN = purposeCode('rescan');

/** Decides about due rows at the moment of sending, for one transaction. */
export interface Judge {
  judge(row: DueRow): Judged;
  /** True when the source has called a file of the row's digest malicious, by the thresholds that are set now. */
  isMalicious(row: DueRow): boolean;
}

export function createJudge(db: WritableDb, args: ClaimArgs, isPaused: (key: GroupKey) => boolean): Judge {
  const nowSeconds = Math.floor(args.now / 1000);
  const kept = keptHere(db, nowSeconds);
  const hasStages = prepared(db, 'SELECT 1 FROM queue WHERE stage > 0 LIMIT 1').get() !== undefined;
  const hasOthers = prepared(db, 'SELECT 1 FROM queue_also LIMIT 1').get() !== undefined;
  const embargoed = new Map<number, boolean>();
  const able = new Map<number, boolean>();
  let policy: VerdictPolicy | null = null;

  function isIntakeEmbargoed(id: number): boolean {
    let known = embargoed.get(id);
    if (known === undefined) {
      known = prepared(db, 'SELECT 1 FROM intakes WHERE id = +? AND embargo = 1').get(id) !== undefined;
      embargoed.set(id, known);
    }
    return known;
  }

  function isEmbargoed(row: DueRow, digests: readonly Uint8Array[]): boolean {
    if (kept.isEmbargoed(digests)) {
      return true;
    }
    return (
      (row.intake_id !== 0 && isIntakeEmbargoed(row.intake_id)) ||
      (hasOthers &&
        prepared<{ id: number }>(db, 'SELECT intake_id AS id FROM queue_also WHERE queue_id = +?')
          .all(row.id)
          .some(({ id }) => id !== 0 && isIntakeEmbargoed(id)))
    );
  }

  function isFresh(row: DueRow, file: FileRow): boolean {
    return itemsOfFile(db, file[0]).some(([, source, status, noAnswer, , scannedAt]) => {
      if (source !== args.source || noAnswer === NO_ANSWER_CODE['could-not-ask'] || scannedAt === null) {
        return false;
      }
      if (row.purpose === RECHECK || row.purpose === RESCAN) {
        // An answer from far ahead was heard before the clock was set back: its age says nothing.
        const isHeardSince = scannedAt * 1000 >= row.created_at && scannedAt <= nowSeconds + AHEAD_SECONDS;
        return isHeardSince && (row.purpose === RESCAN || status !== STATUS_CODE.pending);
      }
      // As flight plans see it: what they call due again must not be dropped here.
      return nowSeconds - scannedAt <= lastsFor(status, noAnswer);
    });
  }

  function lastsFor(status: number, noAnswer: number | null): number {
    if (status === STATUS_CODE.pending) {
      return args.recheckSeconds;
    }
    return noAnswer === NO_ANSWER_CODE['not-known'] ? args.notKnownSeconds : args.freshSeconds;
  }

  function isCalledMalicious(files: readonly FileRow[], by: (source: number) => boolean): boolean {
    return files.some((file) =>
      itemsOfFile(db, file[0]).some((item) => {
        if (!by(item[1])) {
          return false;
        }
        policy ??= policyOf(allSettings(db));
        return isMalicious(item, policy);
      }),
    );
  }

  function canAsk(source: number): boolean {
    let known = able.get(source);
    if (known === undefined) {
      known = args.able.includes(source) && !isHeld(stateOf(db, source)) && !isSwitchedOff(db, source);
      able.set(source, known);
    }
    return known;
  }

  /** `digests` of the file: an earlier source may be asked by another one, and its answer holds for this one as well. */
  function hasLowerStage(row: DueRow, digests: readonly Uint8Array[]): boolean {
    const lower = prepared<{ source: number; purpose: number; intake_id: number }>(
      db,
      `SELECT source, purpose, intake_id FROM queue
       WHERE digest = +? AND source <> +? AND stage < +? AND purpose < +? AND awaits <> ${AWAITS.details}`,
    );
    return digests.some((digest) =>
      lower
        .all(digest, row.source, row.stage, RECHECK)
        .some(
          (other) =>
            canAsk(other.source) &&
            !isPaused({ source: other.source, purpose: other.purpose, intakeId: other.intake_id }),
        ),
    );
  }

  function onItsWay(row: DueRow, digests: readonly Uint8Array[]): number | null {
    for (const digest of digests) {
      const other = prepared<{ id: number }>(
        db,
        'SELECT id FROM queue WHERE digest = +? AND source = +? AND request_id IS NOT NULL AND id <> +?',
      ).get(digest, row.source, row.id);
      if (other !== undefined) {
        return other.id;
      }
    }
    return null;
  }

  function judge(row: DueRow): Judged {
    const files = filesOf(db, row.digest);
    const digests = files.length === 0 ? [row.digest] : aliasesOf(row.digest, files);
    if (kept.isListed(digests)) {
      return { kind: 'listed', files: files.map(([id]) => id), lookAgainAt: kept.lookAgainAt(digests) };
    }
    if (isEmbargoed(row, digests)) {
      return { kind: 'drop', why: 'embargo' };
    }
    if (isEmptyFile(row.digest)) {
      return { kind: 'drop', why: 'empty' };
    }
    if (args.avoid && files.length > 0) {
      if (row.force === 0 && row.awaits === 0 && files.every((file) => isFresh(row, file))) {
        return { kind: 'drop', why: foundBy(row.digest, files) };
      }
      if (row.stop_on_malicious === 1 && isCalledMalicious(files, (source) => source !== args.source)) {
        return { kind: 'drop', why: 'conclusive' };
      }
      const other = files.length === 1 ? onItsWay(row, digests.slice(1)) : null;
      if (other !== null) {
        return { kind: 'join', rowId: other };
      }
    }
    if (hasStages && row.stage > 0 && hasLowerStage(row, files.length === 1 ? digests : [row.digest])) {
      return { kind: 'park' };
    }
    return args.takes.includes(kindOfBytes(row.digest.length)) ? { kind: 'send' } : byAlias(args.takes, files);
  }

  return {
    judge,
    isMalicious: (row) => isCalledMalicious(filesOf(db, row.digest), (source) => source === args.source),
  };
}

/** As flight plans and verdicts see it: by the thresholds that are set now. */
function isMalicious([, code, status, noAnswer, score, scannedAt]: ItemRow, policy: VerdictPolicy): boolean {
  const source = sourceOfCode(code);
  return source === null
    ? status === STATUS_CODE.malicious
    : effectiveStatus(
        { source, status: statusOfCode(status), noAnswer: noAnswerOfCode(noAnswer), score, scannedAt },
        policy,
      ) === 'malicious';
}

/** The digest a file was first known by finds its answer itself; the others by a link. */
function foundBy(digest: Uint8Array, files: readonly FileRow[]): 'fresh' | 'link' {
  const kind = kindOfBytes(digest.length);
  return files.every((file) => linkClass(file[4], kind) === 'anchor') ? 'fresh' : 'link';
}

/** By the strongest digest the source takes; where the digest stands for several files, no other stands for it. */
function byAlias(takes: readonly DigestKind[], files: readonly FileRow[]): Judged {
  const [file] = files;
  const digest = file !== undefined && files.length === 1 ? strongestTaken(file, takes) : null;
  if (digest !== null) {
    return { kind: 'ask-by', digest };
  }
  return { kind: 'drop', why: 'could-not-ask' };
}
