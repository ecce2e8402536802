import type { DigestKind, DigestSet, HexDigest } from '#shared/domain/hash.ts';
import type { Judge, JudgeContext } from '../../triage/port.ts';
import type { HashKnowledge, SingleHash } from '../port.ts';
import { seenByAll } from './elsewhere.ts';
import type { SeenIndex } from './seen-index.ts';

/** What this machine knows about hashes that are asked for by themselves, in their order. */
export function knowledgeOf(
  parts: { readonly judge: Judge; readonly directory: string },
  context: JudgeContext,
  hashes: readonly SingleHash[],
  index: SeenIndex,
): HashKnowledge[] {
  const known = hashes.map(({ kind, hash }) => ({
    kind,
    hash,
    ...parts.judge.explain(context, { [kind]: hash }, 'single'),
  }));
  const sets = known.map(({ kind, hash, aliases }) => digestsOf(kind, hash, aliases));
  const seen = seenByAll({ directory: parts.directory, db: context.db }, sets, index);
  return known.map(({ verdict, ...rest }, number) => ({
    ...rest,
    verdict: { ...verdict, flags: [...verdict.flags] },
    seenIn: seen[number] ?? [],
  }));
}

/** The hash and, of each other kind, the one digest its file is certainly known by. Where there are several, none. */
function digestsOf(kind: DigestKind, hash: HexDigest, aliases: HashKnowledge['aliases']): DigestSet {
  const digests: Partial<Record<DigestKind, HexDigest>> = {};
  for (const alias of aliases) {
    const isOnly = aliases.filter((other) => other.kind === alias.kind).length === 1;
    if (alias.kind !== kind && isOnly) {
      digests[alias.kind] = alias.hash as HexDigest;
    }
  }
  return { ...digests, [kind]: hash };
}
