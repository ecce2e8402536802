import { DIGEST_KINDS, parseDigest, type DigestKind, type DigestSet, type HexDigest } from '#shared/domain/hash.ts';
import { plainText } from '../own-words.ts';
import type { HashAnswer, ProviderContext } from '../port.ts';
import { digestOf, surprise } from './answer.ts';
import { relatedOf } from './related.ts';
import { relatedMalware, secondsOf, singleReport } from './report.ts';
import { isWorthDetails, levelNamed, rawCodeOf, statusOf, type Risk } from './risk.ts';
import type { SingleData } from './schema.ts';

const LONGEST_THREAT = 120;

/** What a single answer says about the hash that was asked for; null when it is about something else. */
export function mapSingle(
  data: SingleData,
  { hash, kind }: { readonly hash: HexDigest; readonly kind: DigestKind },
  context: ProviderContext,
): HashAnswer | null {
  if (digestOf(data.entity) !== hash) {
    return null;
  }
  const { score, criticality, criticalityLabel } = data.risk;
  const risk: Risk = { score: score ?? null, level: criticality ?? levelNamed(criticalityLabel ?? '') };
  if (risk.score === null && risk.level === null) {
    // A hash nothing is known of is answered with 404: this must not take back what a bulk answer said.
    return surprise(hash, kind, 'The answer of Recorded Future for this hash has no readable risk.');
  }
  const status = statusOf(risk, context);
  return {
    hash,
    outcome: 'answer',
    status,
    score: risk.score,
    threat: isWorthDetails({ status }) ? threatOf(data) : null,
    rawCode: rawCodeOf(risk),
    firstSeen: secondsOf(data.timestamps?.firstSeen),
    digests: digestsOf(data, hash, kind),
    report: singleReport(data),
    note: null,
  };
}

/**
 * The malware most often mentioned together with the hash, which is no name of the file: it is only taken where the risk
 * itself is worth a name, and the report says what it is.
 */
function threatOf(data: SingleData): string | null {
  return plainText(relatedMalware(data)[0] ?? '', LONGEST_THREAT) || null;
}

/**
 * Digests of the same file: those under `FileHashes` or `fileHashes`. They count only where the asked one is among them
 * and no kind comes twice. `RelatedHash` holds hashes of other files.
 */
function digestsOf(data: SingleData, hash: HexDigest, kind: DigestKind): DigestSet {
  const own: DigestSet = { [kind]: hash };
  const texts = [...(data.fileHashes ?? []), ...relatedOf(data, 'FileHashes')];
  const found = new Map<DigestKind, Set<HexDigest>>(DIGEST_KINDS.map((each) => [each, new Set()]));
  for (const one of texts) {
    const digest = parseDigest(one ?? '');
    if (digest !== null) {
      found.get(digest.kind)?.add(digest.hex);
    }
  }
  const isOneFile = found.get(kind)?.has(hash) === true && [...found.values()].every((digests) => digests.size <= 1);
  return isOneFile
    ? Object.fromEntries([...found].flatMap(([each, digests]) => [...digests].map((digest) => [each, digest])))
    : own;
}
