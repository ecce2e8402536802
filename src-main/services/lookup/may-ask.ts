import { EMPTY_FILE } from '#shared/domain/empty-file.ts';
import { DIGEST_LABEL, type DigestKind, type HexDigest } from '#shared/domain/hash.ts';
import type { HashKnowledge } from '../intake/port.ts';
import { nameOf, type SourceNow } from './source-now.ts';

/** What keeps a file on this machine under any of its digests. */
export interface KeptBack {
  /** Titles of kept intakes under embargo that hold one. */
  readonly embargo: readonly string[];
  /** An entry of the hash list names one, also an entry that is about another file with the same MD5. */
  readonly isListed: boolean;
}

/** Why no source may be asked about a hash, whatever its state; null when they may. */
export function mayLeave(knowledge: HashKnowledge, { embargo, isListed }: KeptBack): string | null {
  if (isListed || knowledge.listEntries.length > 0) {
    return 'It is on the hash list. Listed hashes never leave this machine.';
  }
  const [title] = embargo;
  if (title !== undefined) {
    return `It is in ${title}, which is under embargo. Its hashes are asked about nowhere.`;
  }
  return knownDigests(knowledge).some(({ kind, hash }) => EMPTY_FILE[kind] === hash)
    ? 'It is the hash of an empty file. Sources are not asked about it.'
    : null;
}

/** Every digest the file is certainly known by, the asked one first. */
export function knownDigests(
  knowledge: HashKnowledge,
): readonly { readonly kind: DigestKind; readonly hash: HexDigest }[] {
  const { kind, hash, aliases } = knowledge;
  return [{ kind, hash }, ...aliases.map((alias) => ({ kind: alias.kind, hash: alias.hash as HexDigest }))];
}

/** The digest a source is asked with: the person's own when it takes that kind, else the best other one. */
export function digestFor(
  { provider }: SourceNow,
  knowledge: HashKnowledge,
): { readonly kind: DigestKind; readonly hash: HexDigest } | null {
  const { takes } = provider.facts;
  if (takes.includes(knowledge.kind)) {
    return knowledge;
  }
  // What only an entry of the team's list ties to it would be a listed hash.
  const linked = knowledge.aliases.filter(({ link }) => link !== 'team');
  const alias = takes.flatMap((kind) => linked.filter((other) => other.kind === kind))[0];
  return alias === undefined ? null : { kind: alias.kind, hash: alias.hash as HexDigest };
}

/** Why this source cannot be asked about this hash, in a sentence; null when it can. */
export function cannotAsk(source: SourceNow, knowledge: HashKnowledge, keptBack: KeptBack): string | null {
  const kept = mayLeave(knowledge, keptBack) ?? source.cannotAsk;
  if (kept !== null || digestFor(source, knowledge) !== null) {
    return kept;
  }
  return `${nameOf(source)} takes no ${DIGEST_LABEL[knowledge.kind]}, and no other digest of the file is known.`;
}
