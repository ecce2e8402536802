import type { RecordSink } from '../record-sink.ts';
import { judgeAlgorithm } from '../names/judge-algorithm.ts';
import { type Claim, addDigests, isWithin } from './keys/claims.ts';
import type { Frame } from './frame.ts';
import { isHashOfLog, setAsideByType } from './keys/key-rules.ts';

/** Cells carried with a record found in `frame`; the array may be reused. */
export type CellsOf = (claim: Claim, frame: Frame) => readonly string[];

/** Holds what an object says about its digests (algorithm, type) against its claims; some are dropped. */
export function judgeClaims(frame: Frame, sink: RecordSink): void {
  const { claims, algorithm } = frame;
  const setAside = setAsideByType(frame.type);
  for (let index = 0; index < claims.count; index += 1) {
    const claim = claims.at(index);
    if (setAside !== null && !claim.isDropped) {
      claim.isDropped = true;
      sink.notDigest(setAside);
    }
    if (claim.isJudged) {
      continue;
    }
    claim.isJudged = true;
    if (claim.rule.role === 'id' && !claim.isDropped) {
      claim.isDropped = frame.type !== 'file' || claim.slots.mask !== 4;
      if (claim.isDropped) {
        sink.notDigest(claim.rule.setAside);
      }
    } else if (!claim.isDropped && isHashOfLog(frame, claim.rule.name)) {
      claim.isDropped = true;
      sink.notDigest('event hash');
    } else if (claim.rule.role === 'any' && !claim.isDropped) {
      judgeByAlgorithm(claim, algorithm, sink);
    }
  }
}

function judgeByAlgorithm(claim: Claim, algorithm: string, sink: RecordSink): void {
  if (algorithm === '') {
    claim.isDropped = claim.problem !== null && !claim.rule.isPromise;
    return;
  }
  const judged = judgeAlgorithm(algorithm, claim.slots.mask);
  if (judged.not === 'other-algorithm') {
    claim.isDropped = true;
    sink.notDigest(judged.name);
  } else if (judged.not === 'wrong-length') {
    claim.slots.mask = 0;
    claim.problem = judged.reason;
  }
}

/** Objects of a row whose digests are remembered, and claims of a row that wait for its end. */
export const MOST_REMEMBERED = 256;

/**
 * Reports the claims of an object: those of one file together as one record, digests that contradict it as records of
 * their own, each value once. What was found in texts and lists waits for the end of the row the object lies in, and is
 * no record when a file of the row has it. Returns the number of records.
 */
export function reportClaims(frame: Frame, cellsOf: CellsOf, sink: RecordSink): number {
  const { claims, row } = frame;
  mergeClaims(frame, sink);
  rememberFiles(frame, row);
  let records = 0;
  for (let index = 0; index < claims.count; index += 1) {
    const claim = claims.at(index);
    if (claim.isDropped) {
      continue;
    }
    if (claim.isOwn && row !== null && row !== frame && claim.slots.mask !== 0) {
      claim.file = { name: frame.nameOf(claim.stem), size: frame.size };
      row.deferred.take(claims, index);
      if (row.deferred.count >= MOST_REMEMBERED) {
        records += reportDeferred(row, cellsOf, sink);
      }
    } else if (!claim.isOwn || row === null || !isOfFiles(claim, row)) {
      records += 1;
      report(claim, frame, cellsOf, sink);
    }
  }
  claims.count = 0;
  return records;
}

/** Reports what waited for the end of a row. */
export function reportDeferred(row: Frame, cellsOf: CellsOf, sink: RecordSink): number {
  const { deferred } = row;
  let records = 0;
  for (let index = 0; index < deferred.count; index += 1) {
    const claim = deferred.at(index);
    if (!isOfFiles(claim, row)) {
      records += 1;
      report(claim, row, cellsOf, sink);
    }
  }
  deferred.count = 0;
  return records;
}

function report(claim: Claim, frame: Frame, cellsOf: CellsOf, sink: RecordSink): void {
  if (claim.slots.mask === 0) {
    const name = claim.rule.name === '' ? '' : `${claim.rule.name}: `;
    sink.reject(claim.line, claim.column, `${name}${claim.problem ?? ''}`, claim.excerpt);
  } else {
    sink.hash(claim.line, claim.column, claim.slots, cellsOf(claim, frame));
  }
}

function rememberFiles({ claims }: Frame, row: Frame | null): void {
  if (row === null || row.fileObjects >= MOST_REMEMBERED) {
    return;
  }
  let isAny = false;
  for (let index = 0; index < claims.count; index += 1) {
    const claim = claims.at(index);
    if (!claim.isOwn && !claim.isDropped && claim.slots.mask !== 0) {
      isAny = true;
      addDigests(row.files.add(claim.rule, 0, 0, '').slots, claim.slots);
    }
  }
  row.fileObjects += isAny ? 1 : 0;
}

function isOfFiles(claim: Claim, row: Frame): boolean {
  for (let index = 0; index < row.files.count; index += 1) {
    if (isWithin(claim.slots, row.files.at(index).slots)) {
      return true;
    }
  }
  return false;
}

function mergeClaims(frame: Frame, sink: RecordSink): void {
  const { claims } = frame;
  for (let index = 1; index < claims.count; index += 1) {
    const claim = claims.at(index);
    if (!claim.isOwn && !claim.isDropped && claim.slots.mask !== 0) {
      mergeInto(frame, index, claim);
    }
  }
  // What a text or an array repeats was heard already; what is damaged beside something sound is only counted.
  for (let index = 0; index < claims.count; index += 1) {
    const claim = claims.at(index);
    if (claim.isDropped) {
      continue;
    }
    if (claim.slots.mask === 0) {
      const other = claim.isOwn ? null : otherOf(frame, index, claim);
      if (other !== null) {
        claim.isDropped = true;
        sink.notDigest(other.slots.mask === 0 ? 'second damaged digest' : 'damaged digest beside a good one');
      }
    } else if (claim.isOwn && isRepeated(frame, claim)) {
      claim.isDropped = true;
    }
  }
}

/** Adds a claim to the first one of its file that has no digest of this kind, unless one has the very same. */
function mergeInto(frame: Frame, index: number, claim: Claim): void {
  const { claims } = frame;
  let target: Claim | null = null;
  for (let before = 0; before < index; before += 1) {
    const other = claims.at(before);
    if (other.isOwn || other.isDropped || other.slots.mask === 0 || other.stem !== claim.stem) {
      continue;
    }
    if (isWithin(claim.slots, other.slots)) {
      claim.isDropped = true;
      return;
    }
    target ??= other;
  }
  // Only the first claim of a file gathers: a digest that contradicts it may belong to another file altogether.
  if (target !== null && (target.slots.mask & claim.slots.mask) === 0) {
    addDigests(target.slots, claim.slots);
    claim.isDropped = true;
  }
}

/** A sound claim of the same file, else an earlier damaged one that is reported for both. */
function otherOf(frame: Frame, index: number, claim: Claim): Claim | null {
  const { claims } = frame;
  let earlier: Claim | null = null;
  for (let at = 0; at < claims.count; at += 1) {
    const other = claims.at(at);
    if (at === index || other.isOwn || other.isDropped || other.stem !== claim.stem) {
      continue;
    }
    if (other.slots.mask !== 0) {
      return other;
    }
    earlier ??= at < index ? other : null;
  }
  return earlier;
}

function isRepeated(frame: Frame, claim: Claim): boolean {
  const { claims } = frame;
  for (let at = 0; at < claims.count; at += 1) {
    const other = claims.at(at);
    if (!other.isOwn && !other.isDropped && isWithin(claim.slots, other.slots)) {
      return true;
    }
  }
  return false;
}
