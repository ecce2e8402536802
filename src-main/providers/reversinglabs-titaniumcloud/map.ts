import { DIGEST_KINDS, parseDigest, type DigestKind, type DigestSet, type HexDigest } from '#shared/domain/hash.ts';
import { STATUS_CODE } from '#shared/domain/status.ts';
import { noVerdict } from '../no-verdict.ts';
import type { HashAnswer } from '../port.ts';
import type { TitaniumcloudOptions } from './options.ts';
import { compactReport, text } from './report.ts';
import { entrySchema, type Entry } from './schema.ts';
import { meaningOf, type StatusMeaning } from './status-word.ts';
import { utcSeconds } from './utc-time.ts';

/** Files one MD5 stands for at the most; more are no collisions that were found, but an answer that is not to be believed. */
const MOST_FILES = 16;

/** What a request is about. */
export interface Asked {
  readonly hashes: readonly HexDigest[];
  readonly kind: DigestKind;
  readonly options: TitaniumcloudOptions;
}

/** An entry about a digest that was asked for. */
interface Reading {
  readonly entry: Entry;
  readonly meaning: StatusMeaning;
  readonly digests: DigestSet;
}

/**
 * One answer per digest asked, in their order. Entries are matched by the digest they repeat, never by their place; one
 * that repeats a digest and is about another file contradicts itself and is no answer. `invalid` are digests the service
 * calls malformed. What stays without an entry is `protocol`.
 */
export function mapEntries(asked: Asked, entries: readonly unknown[], invalid: readonly unknown[]): HashAnswer[] {
  const readings = new Map<HexDigest, (Reading | null)[]>(asked.hashes.map((hash) => [hash, []]));
  for (const value of entries) {
    const entry = entrySchema.safeParse(value).data;
    const hash = entry === undefined ? null : askedDigest(entry, asked.kind);
    if (entry !== undefined && hash !== null) {
      readings.get(hash)?.push(read(entry, hash, asked));
    }
  }
  const refused = new Set(invalid.flatMap((value) => (typeof value === 'string' ? [value.trim().toLowerCase()] : [])));
  return asked.hashes.map((hash) => answerOf(asked, hash, readings.get(hash) ?? [], refused.has(hash)));
}

/** The digest an entry answers for: the one it was asked by, else its own of that kind. */
function askedDigest(entry: Entry, kind: DigestKind): HexDigest | null {
  return digestOf(entry.query_hash?.[kind], kind) ?? digestOf(entry[kind], kind);
}

function digestOf(value: string | null | undefined, kind: DigestKind): HexDigest | null {
  const digest = parseDigest(value ?? '');
  return digest?.kind === kind ? digest.hex : null;
}

/** Null for an entry about another file than it says, and for one with a status that nobody documents. */
function read(entry: Entry, hash: HexDigest, { kind, options }: Asked): Reading | null {
  const own = digestOf(entry[kind], kind);
  const meaning = meaningOf(entry, options);
  return meaning === null || (own !== null && own !== hash)
    ? null
    : { entry, meaning, digests: digestsOf(entry, kind, hash) };
}

/** All three digests, or the asked one alone when any is missing or malformed: half a link is none. */
function digestsOf(entry: Entry, kind: DigestKind, hash: HexDigest): DigestSet {
  const [md5, sha1, sha256] = DIGEST_KINDS.map((each) => (each === kind ? hash : digestOf(entry[each], each)));
  return md5 && sha1 && sha256 ? { md5, sha1, sha256 } : { [kind]: hash };
}

function answerOf(asked: Asked, hash: HexDigest, all: readonly (Reading | null)[], isRefused: boolean): HashAnswer {
  const readings = all.filter((reading) => reading !== null);
  const isDoubtful = readings.length < all.length && readings.every(({ meaning }) => meaning.outcome === 'not-known');
  if (readings.length > 0 && !isDoubtful) {
    return ofFiles(perFile(readings, asked.kind).map((reading) => fileAnswer(asked, hash, reading)));
  }
  if (all.length > 0) {
    return none(asked, hash, 'protocol', 'The entry of ReversingLabs TitaniumCloud for this hash cannot be read.');
  }
  return isRefused
    ? none(asked, hash, 'invalid-input', 'ReversingLabs TitaniumCloud says that this is no hash.')
    : none(asked, hash, 'protocol', 'The answer of ReversingLabs TitaniumCloud has no entry for this hash.');
}

/** Entries about the same file become one: the worst, without a link that they do not agree on. */
function perFile(readings: readonly Reading[], kind: DigestKind): Reading[] {
  const files = new Map<string, Reading>();
  for (const reading of readings) {
    const name = reading.digests.sha256 ?? '';
    const other = files.get(name);
    files.set(name, other === undefined ? reading : merged(other, reading, kind));
  }
  return [...files.values()];
}

function merged(one: Reading, other: Reading, kind: DigestKind): Reading {
  const worst = severity(other.meaning) > severity(one.meaning) ? other : one;
  const isSame = DIGEST_KINDS.every((each) => one.digests[each] === other.digests[each]);
  return isSame ? worst : { ...worst, digests: { [kind]: worst.digests[kind] } };
}

/** The worst goes first; an MD5 may stand for several files. */
function ofFiles(answers: readonly HashAnswer[]): HashAnswer {
  const [worst, ...others] = [...answers].sort((a, b) => severity(b) - severity(a));
  if (worst === undefined) {
    throw new RangeError('no answer to choose from');
  }
  const further = others.filter((other) => other.outcome === 'answer').slice(0, MOST_FILES - 1);
  return further.length === 0 ? worst : { ...worst, alsoAnswers: further };
}

function severity({ outcome, status }: Pick<HashAnswer, 'outcome' | 'status'>): number {
  return (outcome === 'answer' ? 10 : 0) + STATUS_CODE[status];
}

function fileAnswer({ kind }: Asked, hash: HexDigest, { entry, meaning, digests }: Reading): HashAnswer {
  const isAnswer = meaning.outcome === 'answer';
  return {
    hash,
    outcome: meaning.outcome,
    status: meaning.status,
    score: isAnswer ? (entry.threat_level ?? null) : null,
    threat: isAnswer ? text(entry.threat_name) : null,
    rawCode: meaning.rawCode,
    firstSeen: isAnswer ? utcSeconds(entry.first_seen) : null,
    // A link between digests comes only with a file that the service has.
    digests: isAnswer ? digests : { [kind]: hash },
    report: isAnswer ? compactReport(entry) : null,
    note: null,
  };
}

function none({ kind }: Asked, hash: HexDigest, outcome: 'protocol' | 'invalid-input', note: string): HashAnswer {
  return noVerdict({ hash, kind }, outcome, { note });
}

/** "No record", as a single question is told by the status of the answer alone. */
export function notKnown(hash: HexDigest, kind: DigestKind): HashAnswer {
  return noVerdict({ hash, kind }, 'not-known', { rawCode: '404' });
}
