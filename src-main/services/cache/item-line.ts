import { DIGEST_BYTES, DIGEST_KINDS, type DigestKind, type DigestSet, type HexDigest } from '#shared/domain/hash.ts';
import { SOURCES, sourceOfCode } from '#shared/domain/source.ts';
import { STATUS_CODE, statusOfCode } from '#shared/domain/status.ts';
import { NO_ANSWER_CODE, noAnswerOfCode } from '../../db/codes.ts';
import type { ItemRow } from '../../db/repositories/files-items.ts';
import type { ItemRecord } from '../../db/repositories/item-writer.ts';

const SOURCE_CODES: ReadonlyMap<unknown, number> = new Map(SOURCES.map((source) => [source.id, source.code]));
const STATUS_CODES: ReadonlyMap<unknown, number> = new Map(Object.entries(STATUS_CODE));
const NO_ANSWER_CODES: ReadonlyMap<unknown, number> = new Map(Object.entries(NO_ANSWER_CODE));
const FIELDS: ReadonlySet<string> = new Set([
  ...DIGEST_KINDS,
  'simulated',
  'source',
  'status',
  'noAnswer',
  'score',
  'threat',
  'rawCode',
  'firstSeen',
  'scannedAt',
]);
const HEX = /^[0-9a-fA-F]+$/;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/;
const LONGEST_TEXT = 1_000;
/** Times are kept in 32 bits beside verdicts: 1970 to 2106. */
const LATEST_TIME = 0xffff_ffff;

/** What a line of an export from a directory with simulated sources is read as where such data is not taken. */
export const SIMULATED_LINE = Symbol('an item of simulated sources');

/** Why a line was not accepted. */
class Refusal {
  readonly reason: string;
  constructor(reason: string) {
    this.reason = reason;
  }
}

/**
 * Reads one line of the item format: a JSON object with at least one digest, `source` and `status`. Returns the item, or
 * the reason why the line is not one. Null counts as absent; a field of another name is refused, so that a misspelt one
 * is not lost unseen. `simulated: true` is taken in a directory with simulated sources only.
 */
export function parseItemLine(
  line: string,
  directory: 'real' | 'simulated' = 'real',
): ItemRecord | string | typeof SIMULATED_LINE {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return 'not a JSON object';
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return 'not a JSON object';
  }
  const fields = value as Readonly<Record<string, unknown>>;
  for (const name in fields) {
    if (!FIELDS.has(name)) {
      return `unknown field ${shown(name)}`;
    }
  }
  const mark = fields['simulated'];
  if (!isAbsent(mark) && typeof mark !== 'boolean') {
    return 'simulated is not true or false';
  }
  if (mark === true && directory === 'real') {
    return SIMULATED_LINE;
  }
  try {
    return readFields(fields);
  } catch (error) {
    if (error instanceof Refusal) {
      return error.reason;
    }
    throw error;
  }
}

/** One stored item as a line that `parseItemLine` reads back, with the mark of a simulated directory. No line end. */
export function formatItemLine(item: ItemRow, simulated = false): string {
  return JSON.stringify({
    simulated: simulated ? true : undefined,
    ...item.digests,
    source: sourceOfCode(item.source),
    status: statusOfCode(item.status),
    noAnswer: noAnswerOfCode(item.noAnswer) ?? undefined,
    score: item.score ?? undefined,
    threat: item.threat ?? undefined,
    rawCode: item.rawCode ?? undefined,
    firstSeen: isoTime(item.firstSeen),
    scannedAt: isoTime(item.scannedAt),
  });
}

function readFields(fields: Readonly<Record<string, unknown>>): ItemRecord {
  const digests: { [K in DigestKind]?: HexDigest } = {};
  let hasDigest = false;
  for (const kind of DIGEST_KINDS) {
    const hex = fields[kind];
    if (hex !== undefined && hex !== null) {
      digests[kind] = readDigest(kind, hex);
      hasDigest = true;
    }
  }
  if (!hasDigest) {
    throw new Refusal('no md5, sha1 or sha256');
  }
  const status = code(fields, 'status', STATUS_CODES);
  const noAnswer = isAbsent(fields['noAnswer']) ? null : code(fields, 'noAnswer', NO_ANSWER_CODES);
  if (noAnswer !== null && status !== STATUS_CODE.unknown) {
    throw new Refusal('noAnswer is only for status unknown');
  }
  return {
    digests: digests satisfies DigestSet,
    source: code(fields, 'source', SOURCE_CODES),
    status,
    noAnswer,
    score: readScore(fields['score']),
    threat: readText(fields, 'threat'),
    rawCode: readText(fields, 'rawCode'),
    firstSeen: readTime(fields, 'firstSeen'),
    scannedAt: readTime(fields, 'scannedAt'),
  };
}

function readDigest(kind: DigestKind, hex: unknown): HexDigest {
  if (typeof hex !== 'string' || hex.length !== DIGEST_BYTES[kind] * 2 || !HEX.test(hex)) {
    throw new Refusal(`${kind} is not ${DIGEST_BYTES[kind] * 2} hex digits`);
  }
  return hex.toLowerCase() as HexDigest;
}

function code(fields: Readonly<Record<string, unknown>>, name: string, codes: ReadonlyMap<unknown, number>): number {
  const found = codes.get(fields[name]);
  if (found === undefined) {
    throw new Refusal(isAbsent(fields[name]) ? `no ${name}` : `unknown ${name} ${shown(fields[name])}`);
  }
  return found;
}

function readScore(value: unknown): number | null {
  if (isAbsent(value)) {
    return null;
  }
  if (typeof value !== 'number' || !Number.isFinite(value)) {
    throw new Refusal('score is not a number');
  }
  return value;
}

function readText(fields: Readonly<Record<string, unknown>>, name: string): string | null {
  const value = fields[name];
  if (isAbsent(value)) {
    return null;
  }
  if (typeof value !== 'string' || value === '' || value.length > LONGEST_TEXT) {
    throw new Refusal(`${name} is not a text of 1 to ${LONGEST_TEXT} characters`);
  }
  return value;
}

function readTime(fields: Readonly<Record<string, unknown>>, name: string): number | null {
  const value = fields[name];
  if (isAbsent(value)) {
    return null;
  }
  const seconds = typeof value === 'string' && TIME.test(value) ? Math.floor(Date.parse(value) / 1000) : Number.NaN;
  // Date.parse lets the 31st of February through as a day in March.
  const isRealDay = (): boolean =>
    !(value as string).endsWith('Z') || isoTime(seconds)?.slice(0, 10) === (value as string).slice(0, 10);
  if (!(seconds >= 0 && seconds <= LATEST_TIME) || !isRealDay()) {
    throw new Refusal(`${name} is not a time like 2026-01-02T03:04:05Z`);
  }
  return seconds;
}

function isAbsent(value: unknown): value is null | undefined {
  return value === undefined || value === null;
}

function isoTime(seconds: number | null): string | undefined {
  return seconds === null ? undefined : `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`;
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
