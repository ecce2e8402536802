import type { HashAnswer } from '../port.ts';
import { answerOf, digestOf, digestsOf, originOf, verdictOf, type Asked } from './answer.ts';
import type { Classification } from './schema.ts';

/** The `data_source` of what the appliance itself says. */
const LOCAL = 'local';

/**
 * What a single classification says about the hash, or why it cannot be about it, as a phrase. A digest that is missing
 * contradicts nothing: the question named the file.
 */
export function mapClassification(asked: Asked, found: Classification): HashAnswer | { readonly why: string } {
  const own = digestOf(found[asked.kind], asked.kind);
  if (own !== null && own !== asked.hash) {
    return { why: 'it is about another file' };
  }
  const verdict = verdictOf({ ...found, firstSeen: found.first_seen, lastSeen: found.last_seen });
  if (verdict === null) {
    return { why: 'its classification is none that is documented' };
  }
  const isLocal = (found.data_source ?? '').trim().toLowerCase() === LOCAL;
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
