import { strongestKind } from '#shared/domain/hash.ts';
import { shownOn } from '../../annotations/shown-on.ts';
import type { Judge, JudgeContext } from '../../triage/port.ts';
import type { KnownDetail } from '../port.ts';
import { seenElsewhere } from './elsewhere.ts';
import type { OpenIntake } from './open-intake.ts';
import { certainSet, leadingDigest, verdictAt } from './rows.ts';

/** Places shown of one row. */
const PLACES_SHOWN = 200;

/** Everything known about one row. */
export function detailOf(
  parts: { readonly judge: Judge; readonly directory: string },
  context: JudgeContext,
  intake: OpenIntake,
  entry: number,
): KnownDetail {
  const { file } = intake;
  const digests = file.digestsOf(entry);
  const group = file.groups[file.groupOf(entry)];
  const link = group?.link ?? 'single';
  const explained = parts.judge.explain(context, digests, link);
  const { hash } = leadingDigest(digests);
  return {
    entry,
    hash,
    kind: strongestKind(group?.mask ?? 0) ?? 'md5',
    digests: { ...digests },
    digestLink: link,
    aliases: explained.aliases,
    verdict: { ...explained.verdict, flags: [...explained.verdict.flags] },
    why: explained.why,
    triaged: verdictAt(intake.triaged, entry),
    triagedAt: intake.triagedAt,
    items: explained.items,
    listEntries: explained.listEntries,
    sets: explained.sets,
    annotations: shownOn(context.db, { certain: certainSet(file, entry), all: digests }, context.now),
    occurrences: Array.from(file.occurrencesOf(entry, PLACES_SHOWN), (occurrence) => ({
      file: file.fileOf(occurrence),
      line: file.lineOf(occurrence),
      column: file.columnOf(occurrence),
      carried: file.carriedOf(occurrence),
    })),
    occurrenceCount: file.occurrenceCount(entry),
    columns: [...file.columns],
    elsewhere: seenElsewhere({ directory: parts.directory, db: context.db }, digests, intake.id),
  };
}
