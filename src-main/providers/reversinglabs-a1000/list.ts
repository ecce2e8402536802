import type { DigestKind, HexDigest } from '#shared/domain/hash.ts';
import { STATUS_CODE } from '#shared/domain/status.ts';
import { noVerdict } from '../no-verdict.ts';
import type { HashAnswer } from '../port.ts';
import { answerOf, digestOf, digestsOf, originOf, verdictOf } from './answer.ts';
import { sampleSchema, type List, type Sample } from './schema.ts';

/** Files one digest stands for at the most; more are no collisions that were found, but an answer not to be believed. */
const MOST_FILES = 16;

/** What a list was asked about. */
export interface AskedList {
  readonly hashes: readonly HexDigest[];
  readonly kind: DigestKind;
  /** Whether a hash without a verdict here may be sent on to the vendor's cloud. */
  readonly cloud: boolean;
  /** No error stands beside the entries. */
  readonly isWhole: boolean;
}

/**
 * One answer per hash asked, in their order. Entries are matched by their own digest of the kind that was asked, never
 * by place and never by the digests of another file inside them. A hash without an entry is not on the appliance; unless
 * the answer shows that entries are missing or cannot be told apart: then nothing is known about it.
 */
export function mapList(asked: AskedList, list: List): HashAnswer[] {
  const byHash = new Map<HexDigest, Sample[]>(asked.hashes.map((hash) => [hash, []]));
  let strays = 0;
  for (const entry of list.results) {
    const sample = sampleSchema.safeParse(entry).data;
    const own = sample === undefined ? namedBy(entry, asked.kind) : digestOf(sample[asked.kind], asked.kind);
    const found = own === null ? undefined : byHash.get(own);
    if (found === undefined) {
      strays += 1;
    } else {
      found.push(sample ?? UNREADABLE);
    }
  }
  const missing = whyMissing(list, strays, asked.isWhole);
  return asked.hashes.map((hash) => {
    const samples = byHash.get(hash) ?? [];
    return samples.length > 0 ? answerOfAll(asked, hash, samples) : answerOfNone(asked, hash, missing);
  });
}

type Missing = { readonly outcome: 'transient' | 'protocol'; readonly note: string };

/** Stands for an entry that names the hash and cannot be read. */
const UNREADABLE = sampleSchema.parse({ classification: 'unreadable' });

function namedBy(entry: unknown, kind: DigestKind): HexDigest | null {
  const named = typeof entry === 'object' && entry !== null ? (entry as Readonly<Record<string, unknown>>)[kind] : null;
  return typeof named === 'string' ? digestOf(named, kind) : null;
}

/** Why a hash without an entry may be on the appliance all the same; null when it certainly is not. */
function whyMissing({ next, count, results }: List, strays: number, isWhole: boolean): Missing | null {
  if (!isWhole) {
    return { outcome: 'protocol', note: 'The answer of the appliance holds an error, and no entry for this hash.' };
  }
  if (strays > 0) {
    return { outcome: 'protocol', note: 'The answer of the appliance holds an entry that fits no hash asked about.' };
  }
  const advice = results.length === 0 ? '' : ' Set hashesPerRequest to that or less.';
  // A further page would be another call that nobody reserved: the hash is asked about again instead.
  return (next ?? '') !== '' || (count ?? 0) > results.length
    ? {
        outcome: 'transient',
        note: `The answer of the appliance holds only ${results.length} of its entries.${advice}`,
      }
    : null;
}

function answerOfNone({ kind, cloud }: AskedList, hash: HexDigest, missing: Missing | null): HashAnswer {
  if (missing !== null) {
    return noVerdict({ hash, kind }, missing.outcome, { note: missing.note });
  }
  return elsewhere(noVerdict({ hash, kind }, 'not-known'), cloud);
}

/** One answer out of all entries of a digest: an MD5 may stand for several files, the worst of them first. */
function answerOfAll(asked: AskedList, hash: HexDigest, samples: readonly Sample[]): HashAnswer {
  const files = new Map<string, HashAnswer>();
  for (const sample of samples) {
    const answer = answerOfSample({ hash, kind: asked.kind }, sample);
    const name = answer.digests.sha256 ?? '';
    const other = files.get(name);
    files.set(name, other === undefined || weight(answer) > weight(other) ? answer : other);
  }
  const [worst, ...others] = [...files.values()].sort((a, b) => weight(b) - weight(a));
  if (worst === undefined) {
    throw new RangeError('a hash with entries has an answer');
  }
  const further = others.filter(saysSomething).slice(0, MOST_FILES - 1);
  return further.length > 0 ? { ...worst, alsoAnswers: further } : elsewhere(worst, asked.cloud);
}

function answerOfSample(asked: { readonly hash: HexDigest; readonly kind: DigestKind }, sample: Sample): HashAnswer {
  const local = verdictOf({ ...sample, firstSeen: sample.local_first_seen, lastSeen: sample.local_last_seen });
  if (local === null) {
    return noVerdict(asked, 'protocol', {
      note: 'The entry of the appliance for this hash has no classification it documents.',
    });
  }
  const ticloud = sample.ticloud ?? null;
  const digests = digestsOf(sample);
  return answerOf(asked, {
    local,
    cloud:
      ticloud === null ? null : verdictOf({ ...ticloud, firstSeen: ticloud.first_seen, lastSeen: ticloud.last_seen }),
    digests,
    origin: originOf(sample.classification_origin?.sha1, sample.sha1),
  });
}

/** The vendor's cloud may know what the appliance has not, or has without a verdict. */
function elsewhere(answer: HashAnswer, cloud: boolean): HashAnswer {
  return cloud && answer.outcome === 'not-known' ? { ...answer, more: 'elsewhere' } : answer;
}

const saysSomething = ({ outcome }: HashAnswer): boolean => outcome === 'answer' || outcome === 'pending';

/** Worst first: what says something goes before what says nothing, and that by the status. */
function weight(answer: HashAnswer): number {
  const order = { answer: 50, pending: 40, transient: 30, protocol: 20, 'invalid-input': 10, 'not-known': 0 };
  return order[answer.outcome] + STATUS_CODE[answer.status];
}
