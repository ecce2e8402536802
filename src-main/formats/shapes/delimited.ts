import { createRowCounter } from '../counters/row-counter.ts';
import { type ColumnPlan, chooseColumns } from '../delimited/choose-columns.ts';
import { carriedNames, openDelimited } from '../delimited/reader.ts';
import { type Sample, sampleRows } from '../delimited/sample.ts';
import type { Fit, Format } from '../format.ts';
import { knownTable } from '../names/known-tables.ts';

/** Share of rows that must have the usual number of cells. */
const ENOUGH_AGREEMENT = 0.6;
/** No spreadsheet has more columns; to look at the names of more takes seconds. Free text finds their digests as well. */
const MOST_COLUMNS = 16_384;

export const csv = delimited('csv', 'CSV', ',');
export const tsv = delimited('tsv', 'Tab-separated', '\t');
export const ssv = delimited('ssv', 'Semicolon-separated', ';');
export const psv = delimited('psv', 'Pipe-separated', '|');

function delimited(id: string, label: string, delimiter: string): Format {
  return {
    id,
    label,
    probe(head) {
      if (head.isBinary || !head.lines.some(({ text }) => text.includes(delimiter))) {
        return null;
      }
      const sample = sampleRows(head, delimiter.charCodeAt(0));
      if (sample.width < 2 || sample.width > MOST_COLUMNS || sample.agreement < ENOUGH_AGREEMENT) {
        return null;
      }
      const plan = chooseColumns(sample, undefined);
      // One row alone is more likely a line with a remark behind the hash.
      const isEnough = plan.rows >= 2 || (plan.rows === 1 && plan.hasHeader);
      // Without names nothing says that one row is one file: all its digests are to be answered.
      const isSeveralFiles = !plan.hasHeader && plan.rowsOfSeveralFiles > 0;
      const isTable = plan.digests.length > 0 ? !isSeveralFiles : plan.isNoneOfTheFile;
      return isTable && isEnough ? fit(plan, delimiter, sample, explain(plan, sample)) : null;
    },
    assume(head, options) {
      const sample = sampleRows(head, delimiter.charCodeAt(0));
      return fit(chooseColumns(sample, options.digestColumns), delimiter, sample, 'asked for');
    },
  };
}

function fit(plan: ColumnPlan, delimiter: string, sample: Sample, why: string): Fit {
  return {
    why,
    digests: plan.hits,
    carriedColumns: carriedNames(plan),
    isGuess: plan.isGuess,
    digestColumns: plan.digests.map((index) => plan.names[index] ?? ''),
    table: {
      columns: plan.names.map((name, index) => ({
        name,
        isTaken: plan.digests.includes(index),
        holdsDigests: plan.holding.has(index),
      })),
      cells: (line) => [...sample.early, ...sample.rows].find((row) => row.line === line)?.cells ?? null,
    },
    open: (sink) => openDelimited(sink, delimiter.charCodeAt(0), plan),
    count: () => createRowCounter(delimiter, plan.skipLines),
    restart: {
      open: (sink, linesBefore) => openDelimited(sink, delimiter.charCodeAt(0), plan, linesBefore),
      count: (before) => createRowCounter(delimiter, plan.skipLines, before),
    },
  };
}

function explain(plan: ColumnPlan, sample: Sample): string {
  if (plan.digests.length === 0) {
    const others = [...plan.setAside.keys()].map((index) => plan.names[index]).join(', ');
    if (others === '') {
      return 'no column is named as one of hashes; what stands behind 0x looks like addresses of Ethereum';
    }
    const known = knownTable(plan.names);
    return `${known === null ? '' : `columns of ${known}; `}header names ${others}: no digests of the file`;
  }
  const names = plan.digests.map((index) => plan.names[index]).join(', ');
  const why = plan.hasHeader
    ? `header names ${names}`
    : `no header; ${names} holds hashes in ${plan.hits} of ${plan.rows} rows of ${sample.width} cells`;
  const table = plan.hasHeader ? knownTable(plan.names) : null;
  const guess = plan.isGuess ? ', behind 0x as addresses and transactions of Ethereum' : '';
  const named = `${table === null ? '' : `columns of ${table}; `}${why}${guess}`;
  return plan.passedOver.length === 0 ? named : `${named}; ${plan.passedOver.join(', ')} carried only`;
}
