import { FLAG, RULES, type Flag, type Verdict } from '#shared/domain/basis.ts';
import type { DigestKind, DigestSet } from '#shared/domain/hash.ts';
import { sourceOfCode } from '#shared/domain/source.ts';
import { statusOfCode } from '#shared/domain/status.ts';
import type { GridRow } from '#shared/contract/intake.ts';
import type { IntakeFile } from '../../../intakes/intake-file.ts';
import type { VerdictColumns } from '../../../intakes/verdict-columns.ts';
import { UNMARKED, type IntakeMarks, type RowMark } from '../../annotations/intake-marks.ts';
import type { ExportRow } from '../port.ts';

/** Places named per row of an export; `occurrences` always tells the full number. */
const PLACES_PER_ROW = 100;

/** Flag names by their bits: rows share the arrays. */
const FLAGS_OF: readonly (readonly Flag[])[] = Array.from({ length: 64 }, (_, bits) =>
  (Object.keys(FLAG) as Flag[]).filter((flag) => (bits & FLAG[flag]) !== 0),
);

/** Of most rows of most lists nothing is known: they share one verdict. */
const NEVER_ASKED: Verdict & { flags: Flag[] } = {
  status: 'unknown',
  rule: 'never-asked',
  source: null,
  agreeing: 0,
  answeredAt: null,
  flags: [],
};

/** A verdict as stored, in words. Do not change it: rows may share it. */
export function verdictAt(columns: VerdictColumns, entry: number): Verdict & { flags: Flag[] } {
  const answeredAt = columns.answeredAt[entry] as number;
  const facts = (columns.rule[entry] as number) | (columns.flags[entry] as number) | (columns.status[entry] as number);
  if ((facts | (columns.source[entry] as number) | (columns.agreeing[entry] as number)) === 0 && answeredAt === 0) {
    return NEVER_ASKED;
  }
  return {
    status: statusOfCode(columns.status[entry] as number),
    rule: RULES[columns.rule[entry] as number] ?? 'never-asked',
    source: sourceOfCode(columns.source[entry] as number),
    agreeing: columns.agreeing[entry] as number,
    answeredAt: answeredAt === 0 ? null : answeredAt,
    flags: (FLAGS_OF[(columns.flags[entry] as number) & 63] ?? []) as Flag[],
  };
}

/** The digest that stands for a row: the strongest it has. */
export function leadingDigest(digests: DigestSet): { readonly hash: string; readonly kind: DigestKind } {
  if (digests.sha256 !== undefined) {
    return { hash: digests.sha256, kind: 'sha256' };
  }
  return digests.sha1 === undefined ? { hash: digests.md5 ?? '', kind: 'md5' } : { hash: digests.sha1, kind: 'sha1' };
}

/** What certainly is one file: of digests that only the dropped list ties together, the strongest alone. */
export function certainSet(file: IntakeFile, entry: number): DigestSet {
  const digests = file.digestsOf(entry);
  if (file.groups[file.groupOf(entry)]?.link !== 'asserted') {
    return digests;
  }
  const { kind, hash } = leadingDigest(digests);
  return { [kind]: hash };
}

export function gridRow(file: IntakeFile, verdicts: VerdictColumns, entry: number, mark: RowMark = UNMARKED): GridRow {
  const first = file.firstOcc[entry] as number;
  return {
    entry,
    ...leadingDigest(file.digestsOf(entry)),
    verdict: verdictAt(verdicts, entry),
    file: file.fileOf(first),
    input: file.inputs[file.inputOf(first)]?.view.name ?? '',
    line: file.lineOf(first),
    occurrences: file.occurrenceCount(entry),
    carried: file.carriedOf(first),
    tags: [...mark.tags],
    note: mark.note,
  };
}

export function exportRow(
  file: IntakeFile,
  verdicts: VerdictColumns,
  entry: number,
  mark: RowMark = UNMARKED,
): ExportRow {
  const digests = file.digestsOf(entry);
  const { hash, kind } = leadingDigest(digests);
  const first = file.firstOcc[entry] as number;
  const occurrences = file.occurrenceCount(entry);
  const where = [{ file: file.fileOf(first), line: file.lineOf(first) }];
  if (occurrences > 1) {
    for (const occurrence of file.occurrencesOf(entry, PLACES_PER_ROW).subarray(1)) {
      where.push({ file: file.fileOf(occurrence), line: file.lineOf(occurrence) });
    }
  }
  const row: ExportRow = {
    entry,
    hash,
    kind,
    verdict: verdictAt(verdicts, entry),
    file: where[0]?.file ?? '',
    line: where[0]?.line ?? 0,
    occurrences,
    carried: file.carriedOf(first),
    digests,
    where,
  };
  // Nearly all rows carry nothing: they are made in one piece.
  return mark === UNMARKED ? row : { ...row, written: mark };
}

/** Characters of a row's notes in an export: more than the notes of all its digests have. */
const WHOLE_NOTES = 1_000_000;

/** Rows of an export, with what is written on them. */
export function exportRows(
  { file, marks }: { readonly file: IntakeFile; readonly marks: IntakeMarks },
  verdicts: VerdictColumns,
  entries: Uint32Array,
): ExportRow[] {
  if (!marks.isWritten) {
    return Array.from(entries, (entry) => exportRow(file, verdicts, entry));
  }
  const written = marks.on(entries, WHOLE_NOTES);
  return Array.from(entries, (entry, place) => exportRow(file, verdicts, entry, written[place]));
}
