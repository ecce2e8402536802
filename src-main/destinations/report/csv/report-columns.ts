import { SOURCES } from '#shared/domain/source.ts';
import { csvCell, unrunnable, type MoreColumns } from '../../csv-rows.ts';
import { isoTime } from '../../jsonl-rows.ts';
import type { ReportAnswer, ReportRow, ReportSet } from '../port.ts';

/** Stands between several values of one cell. */
const BETWEEN = ' | ';

const COLUMNS_OF_SOURCE = ['', 'Score', 'Threat', 'AnsweredAt'] as const;

/**
 * What a report adds to the columns of a row: the verdict as triaged, what ties its digests, what each source says, known
 * sets, the hash list, notes and tags. Several answers of one source stand in one cell, between bars, in the same order in
 * each of its columns; one that rests on a tie that only the list asserts says so. Times are ISO 8601 in UTC.
 */
export function reportColumns(sets: readonly ReportSet[]): MoreColumns<ReportRow> {
  const setNames = sets.map(setName);
  return {
    names: [
      'triagedVerdict',
      'triagedRule',
      'triagedSource',
      'triagedAnsweredAt',
      'digestLink',
      ...SOURCES.flatMap(({ id }) => COLUMNS_OF_SOURCE.map((column) => `${id}${column}`)),
      'knownSets',
      'hashList',
      'tags',
      'note',
    ],
    cells(row) {
      const { triaged } = row;
      const time = triaged.answeredAt === null ? '' : isoTime(triaged.answeredAt);
      const sets = row.sets.map(
        ({ set, matchedBy, asserted }) =>
          `${setNames[set] ?? ''}, by ${matchedBy}${asserted === undefined ? '' : ' (asserted by the list)'}`,
      );
      const list = row.listEntries.map(({ side, reason }) => (reason === '' ? side : `${side}: ${reason}`));
      return (
        `,${triaged.status},${triaged.rule},${triaged.source ?? ''},${time},${row.digestLink}` +
        `${answerCells(row.answers)}${cell(sets.join(BETWEEN))}${cell(list.join(BETWEEN))}` +
        `${cell(row.tags.join(', '))}${cell(row.note)}`
      );
    },
  };
}

const NO_ANSWERS = ','.repeat(SOURCES.length * COLUMNS_OF_SOURCE.length);

function answerCells(answers: readonly ReportAnswer[]): string {
  if (answers.length === 0) {
    return NO_ANSWERS;
  }
  let text = '';
  for (const { id } of SOURCES) {
    const said = answers.filter(({ source }) => source === id);
    const each = (tell: (answer: ReportAnswer) => string): string =>
      said.every((answer) => tell(answer) === '') ? ',' : cell(said.map(tell).join(BETWEEN));
    text +=
      each(sayingOf) +
      each(({ score }) => (score === null ? '' : String(score))) +
      each(({ threat }) => threat ?? '') +
      each(({ scannedAt }) => (scannedAt === null ? '' : isoTime(scannedAt)));
  }
  return text;
}

const NO_ANSWER = { 'not-known': 'not known to it', 'could-not-ask': 'could not ask' } as const;

function sayingOf({ status, noAnswer, stale, link }: ReportAnswer): string {
  const said = noAnswer === null ? status : NO_ANSWER[noAnswer];
  const marks = [...(stale ? ['stale'] : []), ...(link === 'asserted' ? ['asserted by the list'] : [])];
  return marks.length === 0 ? said : `${said} (${marks.join(', ')})`;
}

/** `NSRL 2026.03 (known)`; of a filter `possible, wrong in 0.1 %`. */
function setName({ name, edition, mark, errorRate }: ReportSet): string {
  const possible = errorRate === null ? '' : `, possible, wrong in ${Number((errorRate * 100).toPrecision(2))} %`;
  return `${edition === '' ? name : `${name} ${edition}`} (${mark}${possible})`;
}

function cell(text: string): string {
  return `,${csvCell(unrunnable(text))}`;
}
