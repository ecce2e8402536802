import { DIGEST_KINDS, parseDigest, type DigestKind, type DigestSet, type HexDigest } from '#shared/domain/hash.ts';
import { STATUS_CODE } from '#shared/domain/status.ts';
import { noVerdict } from '../no-verdict.ts';
import type { HashAnswer } from '../port.ts';
import { meaningOf } from './verdict-code.ts';
import type { VerdictEntry } from './xml.ts';

/** Files one MD5 stands for at the most; more are no collisions that were found, but an answer that is not to be believed. */
const MOST_FILES = 16;

/** What a batch is about and where it was asked. */
export interface Asked {
  readonly hashes: readonly HexDigest[];
  readonly kind: DigestKind;
  /** Host of the cloud that answered, kept in the report: clouds analyse independently. */
  readonly cloud: string;
}

/** An entry with the digests that are well formed, and its answer as far as it has one. */
interface Reading {
  readonly digests: DigestSet;
  readonly verdict: ReturnType<typeof meaningOf>;
}

/**
 * One answer per hash asked, in their order. Entries are matched by the digest they name, never by their place. Entries
 * that name none are given to the hashes nothing was said about, only when they are exactly as many and all say the same
 * of "no record" or "no hash". What stays without an entry is `protocol`.
 */
export function mapVerdicts(asked: Asked, entries: readonly VerdictEntry[]): HashAnswer[] {
  const readings = entries.map(read);
  const byHash = new Map<HexDigest, Reading[]>(asked.hashes.map((hash) => [hash, []]));
  const nameless: Reading[] = [];
  let strays = 0;
  for (const reading of readings) {
    const own = reading.digests[asked.kind];
    const found = own === undefined ? undefined : byHash.get(own);
    if (found !== undefined) {
      found.push(reading);
    } else if (isNameless(reading)) {
      nameless.push(reading);
    } else {
      strays += 1;
    }
  }
  const left = asked.hashes.filter((hash) => byHash.get(hash)?.length === 0);
  const shared = strays === 0 && nameless.length === left.length ? sharedReading(nameless) : null;
  return asked.hashes.map((hash) => {
    const found = byHash.get(hash) ?? [];
    return answerOf(asked, hash, found.length === 0 && shared !== null ? [shared] : found);
  });
}

function read(entry: VerdictEntry): Reading {
  const digests: { [K in DigestKind]?: HexDigest } = {};
  for (const kind of ['md5', 'sha256'] as const) {
    const parsed = parseDigest(entry[kind] ?? '');
    // A digest in the element of another kind names nothing.
    if (parsed?.kind === kind) {
      digests[kind] = parsed.hex;
    }
  }
  return { digests, verdict: entry.verdict === null ? null : meaningOf(entry.verdict) };
}

function isNameless(reading: Reading): boolean {
  return DIGEST_KINDS.every((kind) => reading.digests[kind] === undefined);
}

/** What all nameless entries say alike, or null. Only "no record" and "no hash" come without digests. */
function sharedReading(nameless: readonly Reading[]): Reading | null {
  const [first] = nameless;
  const code = first?.verdict?.code;
  const isAlike = (code === '-102' || code === '-103') && nameless.every((each) => each.verdict?.code === code);
  return isAlike ? (first ?? null) : null;
}

/** One answer out of all entries about a hash: an MD5 may stand for several files, the worst of them first. */
function answerOf(asked: Asked, hash: HexDigest, readings: readonly Reading[]): HashAnswer {
  if (readings.length === 0) {
    return surprise(asked, hash, 'The answer of WildFire has no entry for this hash.');
  }
  const answers = perFile(readings).map((reading) => fileAnswer(asked, hash, reading));
  const [worst, ...others] = answers.sort((a, b) => weight(b) - weight(a));
  if (worst === undefined) {
    return surprise(asked, hash, 'The answer of WildFire has no entry for this hash.');
  }
  const further = others
    .filter((other) => other.outcome === 'answer' || other.outcome === 'pending')
    .slice(0, MOST_FILES - 1);
  return further.length === 0 ? worst : { ...worst, alsoAnswers: further };
}

/** Entries about the same file become one: the worst, without a link that they do not agree on. */
function perFile(readings: readonly Reading[]): Reading[] {
  const files = new Map<string, Reading>();
  for (const reading of readings) {
    const name = reading.digests.sha256 ?? '';
    const other = files.get(name);
    files.set(name, other === undefined ? reading : merged(other, reading));
  }
  return [...files.values()];
}

function merged(one: Reading, other: Reading): Reading {
  const worst = severity(other) > severity(one) ? other : one;
  const { sha256 } = one.digests;
  const md5 = one.digests.md5 === other.digests.md5 ? one.digests.md5 : undefined;
  return {
    digests: { ...(md5 === undefined ? {} : { md5 }), ...(sha256 === undefined ? {} : { sha256 }) },
    verdict: worst.verdict,
  };
}

function fileAnswer(asked: Asked, hash: HexDigest, { digests, verdict }: Reading): HashAnswer {
  if (verdict === null) {
    return surprise(asked, hash, 'The entry of WildFire for this hash has no verdict.');
  }
  const { code, meaning } = verdict;
  const says = meaning.outcome === 'answer' || meaning.outcome === 'pending';
  const own: DigestSet = { [asked.kind]: hash };
  return {
    hash,
    outcome: meaning.outcome,
    status: meaning.status,
    score: null,
    threat: null,
    rawCode: code,
    firstSeen: null,
    // A link between digests comes only with a file that the source has.
    digests: says ? { ...digests, ...own } : own,
    report: says ? { verdict: meaning.word, code: Number(code), ...digests, cloud: asked.cloud } : null,
    note: meaning.note,
  };
}

function surprise(asked: Asked, hash: HexDigest, note: string): HashAnswer {
  return noVerdict({ hash, kind: asked.kind }, 'protocol', { note });
}

/** Worst first: what says something goes before what says nothing, and that by the status. */
function weight(answer: HashAnswer): number {
  const order = { answer: 50, pending: 40, transient: 30, protocol: 20, 'invalid-input': 10, 'not-known': 0 };
  return order[answer.outcome] + STATUS_CODE[answer.status];
}

function severity({ verdict }: Reading): number {
  if (verdict === null) {
    return -1;
  }
  const says = verdict.meaning.outcome === 'answer' || verdict.meaning.outcome === 'pending';
  return (says ? 10 : 0) + STATUS_CODE[verdict.meaning.status];
}
