import { shownOn } from '../../annotations/shown-on.ts';
import type { Judge, JudgeContext } from '../../triage/port.ts';
import type { HashKnowledge, SingleHash } from '../port.ts';
import { digestSetOf } from './digest-set.ts';
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
  const sets = known.map(digestSetOf);
  const seen = seenByAll({ directory: parts.directory, db: context.db }, sets, index);
  return known.map(({ verdict, ...rest }, number) => ({
    ...rest,
    verdict: { ...verdict, flags: [...verdict.flags] },
    annotations: shownOn(context.db, { certain: { [rest.kind]: rest.hash }, all: {} }, context.now),
    seenIn: seen[number] ?? [],
  }));
}
