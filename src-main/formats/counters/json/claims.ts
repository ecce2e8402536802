import { kindOfHexLength } from '#shared/domain/hash.ts';
import { textOf } from '../../bytes/text.ts';
import { type KeyRule, isHashOfLog, setAsideByType } from '../../json/keys/key-rules.ts';
import { looseClaim } from '../../json/keys/loose-claim.ts';
import { classifyName } from '../../names/classify-name.ts';
import { judgeAlgorithm } from '../../names/judge-algorithm.ts';
import { withoutUnseen } from '../../names/broken-digest.ts';
import { LABEL_BYTES, setAsideBy } from '../../names/label-before.ts';
import { remembered } from '../../names/remembered.ts';

/** A value that is, or should be, a digest; for counting only. */
export interface CountedClaim {
  /** Its key. */
  readonly name: string;
  readonly role: KeyRule['role'];
  readonly isPromise: boolean;
  /** Lower-case hex; '' for a damaged one. */
  readonly hex: string;
  stem: string;
  isOwn: boolean;
  isJudged: boolean;
}

const RUN = /(?<![0-9A-Za-z])(?:[0-9a-fA-F]{64}|[0-9a-fA-F]{40}|[0-9a-fA-F]{32})(?![0-9A-Za-z])/g;

/** 1 for hex digits. */
const HEX = new Uint8Array(256);
for (const digit of '0123456789abcdefABCDEF') {
  HEX[digit.charCodeAt(0)] = 1;
}

/** True for one whole digest. */
export function isWholeDigest(text: string): boolean {
  if (kindOfHexLength(text.length) === null) {
    return false;
  }
  for (let at = 0; at < text.length; at += 1) {
    if (!isHex(text.charCodeAt(at))) {
      return false;
    }
  }
  return true;
}

/** The claims of one value; `text` is Latin-1 without escapes. */
export function claimsOf(rule: KeyRule, text: string, hasScope: boolean): CountedClaim[] {
  if (text.length < 32 && (rule.role === 'other' || rule.role === 'name')) {
    return [];
  }
  const make = (hex: string, isOwn = false): CountedClaim => ({
    name: rule.name,
    role: rule.role,
    isPromise: rule.isPromise,
    hex: hex.toLowerCase(),
    stem: rule.stem,
    isOwn,
    isJudged: false,
  });
  if (rule.role === 'field' || text === '' || (rule.role === 'digest' && /^0+$/.test(text) && isWholeDigest(text))) {
    return [];
  }
  if (rule.role === 'digest' || rule.role === 'any') {
    if (isWholeDigest(text) && (rule.digest === null || rule.digest === kindOfHexLength(text.length))) {
      return hasScope ? [] : [make(text)];
    }
    const found = looseClaim(rule, utf8(text));
    if (!found.isText) {
      const hexes = found.problem === null ? found.digests.map(({ hex }) => hex) : [''];
      return hasScope ? [] : hexes.map((hex) => make(hex));
    }
  }
  if (rule.role === 'id' && rule.digest === 'sha1' && /^0{4}[0-9a-f]{40}$/i.test(text)) {
    return hasScope ? [] : [{ ...make(text.slice(4)), role: 'digest', isPromise: true }];
  }
  if (rule.role === 'id' && isWholeDigest(text)) {
    return hasScope ? [] : [make(text)];
  }
  const seen = text.length < 32 ? text : withoutUnseen(text);
  if (hasScope || !hasHexRun(seen) || (rule.role === 'never' && isCode(text))) {
    return [];
  }
  return [...seen.matchAll(RUN)]
    .filter(({ index }) => index === 0 || setAsideBy(seen.slice(Math.max(0, index - LABEL_BYTES), index)) === null)
    .map(([hex]) => make(hex, true));
}

/** What an object says about the claims in it. */
interface JudgedObject {
  readonly rule: KeyRule;
  readonly type: string;
  readonly algorithm: string;
  readonly isOfLog: boolean;
}

/** What is left of an object's claims when its type and the algorithm it names are held against them. */
export function judged(claims: CountedClaim[], object: JudgedObject): CountedClaim[] {
  if (claims.length === 0 || setAsideByType(object.type) !== null) {
    return [];
  }
  const left: CountedClaim[] = [];
  for (const claim of claims) {
    const isJudged = claim.isJudged;
    claim.isJudged = true;
    const kept = isJudged ? claim : judge(claim, object);
    if (kept !== null) {
      left.push(kept);
    }
  }
  return left;
}

function judge(claim: CountedClaim, object: JudgedObject): CountedClaim | null {
  if (claim.role === 'id') {
    return object.type === 'file' && claim.hex.length === 64 ? claim : null;
  }
  if (claim.role !== 'any') {
    return claim;
  }
  if (isHashOfLog(object, claim.name)) {
    return null;
  }
  const { algorithm } = object;
  if (algorithm === '') {
    return claim.hex === '' && !claim.isPromise ? null : claim;
  }
  const kind = kindOfHexLength(claim.hex.length);
  const { not } = judgeAlgorithm(algorithm, kind === null ? 0 : { md5: 1, sha1: 2, sha256: 4 }[kind]);
  if (not === 'other-algorithm') {
    return null;
  }
  return not === null ? claim : { ...claim, hex: '' };
}

/** How many files, or damaged claims of files, an object's claims stand for. */
export function filesIn(claims: readonly CountedClaim[]): number {
  if (claims.length < 2) {
    return claims.length;
  }
  if (isOneFile(claims)) {
    return 1;
  }
  const stems = Map.groupBy(
    claims.filter(({ isOwn }) => !isOwn),
    ({ stem }) => stem,
  );
  const known = new Set<string>();
  let files = 0;
  for (const group of stems.values()) {
    const hexes = new Set(group.map(({ hex }) => hex).filter((hex) => hex !== ''));
    const lengths = new Set([...hexes].map((hex) => hex.length));
    files += hexes.size === 0 ? 1 : 1 + hexes.size - lengths.size;
    hexes.forEach((hex) => known.add(hex));
  }
  return files + claims.filter(({ isOwn, hex }) => isOwn && !known.has(hex)).length;
}

/** The usual object: sound digests of different lengths, all of one file. */
function isOneFile(claims: readonly CountedClaim[]): boolean {
  const stem = claims[0]?.stem;
  let lengths = 0;
  for (const claim of claims) {
    const bit = claim.hex.length === 64 ? 4 : claim.hex.length === 40 ? 2 : claim.hex.length === 32 ? 1 : 0;
    if (claim.isOwn || claim.stem !== stem || bit === 0 || (lengths & bit) !== 0) {
      return false;
    }
    lengths |= bit;
  }
  return true;
}

/** The name of an algorithm or kind of thing under a key for them, or ''. */
export const algorithmOf = remembered((text) => ((classifyName(text)?.kind ?? 'any') === 'any' ? '' : text));

/** True when 32 hex digits follow each other: every 32nd character is looked at, no such run lies between two of them. */
function hasHexRun(text: string): boolean {
  for (let at = 31; at < text.length; at += 32) {
    if (!isHex(text.charCodeAt(at))) {
      continue;
    }
    let from = at;
    while (from > 0 && isHex(text.charCodeAt(from - 1))) {
      from -= 1;
    }
    let end = at + 1;
    while (end < text.length && isHex(text.charCodeAt(end))) {
      end += 1;
    }
    if (end - from >= 32) {
      return true;
    }
  }
  return false;
}

function isHex(code: number): boolean {
  return HEX[code] === 1;
}

/** One word with a digit in it, as codes are. */
function isCode(text: string): boolean {
  if (text.length < 16 || text.length > 4096 || !/\d/.test(text)) {
    return false;
  }
  for (let at = 0; at < text.length; at += 1) {
    if (text.charCodeAt(at) <= 32) {
      return false;
    }
  }
  return true;
}

/** A text as Latin-1 of its bytes. */
export function latin1(text: string): string {
  return isAsciiText(text) ? text : Buffer.from(text, 'utf8').toString('latin1');
}

function isAsciiText(text: string): boolean {
  let seen = 0;
  for (let at = 0; at < text.length; at += 1) {
    seen |= text.charCodeAt(at);
  }
  return seen < 0x80;
}

/** Latin-1 of bytes as the text they stand for. */
export function utf8(written: string): string {
  if (isAsciiText(written)) {
    return written;
  }
  const bytes = Buffer.from(written, 'latin1');
  return textOf(bytes, 0, bytes.length);
}
