import type { HashAnswer } from '../port.ts';
import { answerOf, digestOf, digestsOf, originOf, verdictOf, type Asked } from './answer.ts';
import type { Classification } from './schema.ts';

/** The `data_source` of what the appliance itself says; where none is told, it is whose word was asked for. */
const LOCAL = 'local';

/**
 * What a single classification says about the hash, or why it cannot be about it, as a phrase. A digest that is missing
 * contradicts nothing: the question named the file.
 */
export function mapClassification(
  asked: Asked & { readonly cloud: boolean },
  found: Classification,
): HashAnswer | { readonly why: string } {
  const own = digestOf(found[asked.kind], asked.kind);
  if (own !== asked.hash && (found[asked.kind] ?? '').trim() !== '') {
    return { why: 'it is about another file' };
  }
  const verdict = verdictOf({ ...found, firstSeen: found.first_seen, lastSeen: found.last_seen });
  if (verdict === null) {
    return { why: 'its classification is none that is documented' };
  }
  const source = (found.data_source ?? '').trim().toLowerCase();
  const isLocal = source === LOCAL || (source === '' && !asked.cloud);
  if (verdict.word === null && !(isLocal && own !== null)) {
    // Only a file the appliance has can wait there for its verdict.
    return { why: 'it has no classification' };
  }
  const digests = own === null ? null : digestsOf(found);
  return answerOf(asked, {
    local: isLocal ? verdict : null,
    cloud: isLocal ? null : verdict,
    digests,
    origin: originOf(found.classification_origin?.sha1, found.sha1),
  });
}
