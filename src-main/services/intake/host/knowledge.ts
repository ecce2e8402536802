import type { DigestKind, DigestSet, HexDigest } from '#shared/domain/hash.ts';
import type { Judge, JudgeContext } from '../../triage/port.ts';
import type { HashKnowledge, SingleHash } from '../port.ts';
import { seenElsewhere } from './elsewhere.ts';

/** No intake has this number: none is left out. */
const NONE = 0;

/** What this machine knows about one hash that is asked for by itself. */
export function knowledgeOf(
  parts: { readonly judge: Judge; readonly directory: string },
  context: JudgeContext,
  { kind, hash }: SingleHash,
): HashKnowledge {
  const { verdict, ...rest } = parts.judge.explain(context, { [kind]: hash }, 'single');
  return {
    kind,
    hash,
    ...rest,
    verdict: { ...verdict, flags: [...verdict.flags] },
    seenIn: seenElsewhere({ directory: parts.directory, db: context.db }, digestsOf(kind, hash, rest.aliases), NONE),
  };
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
