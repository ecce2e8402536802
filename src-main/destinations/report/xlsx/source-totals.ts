import { SOURCES, type SourceId, sourceLabel } from '#shared/domain/source.ts';
import type { ReportAnswer } from '../port.ts';
import type { SheetColumn } from './sheet.ts';
import { count, text } from './values.ts';

/** What a source said about the rows of a report, counted while they pass. */
export interface SourceTotal {
  readonly source: SourceId;
  readonly malicious: number;
  readonly suspicious: number;
  readonly 'non-malicious': number;
  readonly pending: number;
  readonly notKnown: number;
  readonly couldNotAsk: number;
  readonly stale: number;
}

const COLUMNS: readonly SheetColumn<SourceTotal>[] = [
  { header: 'Source', width: 32, value: ({ source }) => text(sourceLabel(source)) },
  { header: 'Malicious', width: 14, value: ({ malicious }) => count(malicious) },
  { header: 'Suspicious', width: 14, value: ({ suspicious }) => count(suspicious) },
  { header: 'Non-malicious', width: 14, value: (total) => count(total['non-malicious']) },
  { header: 'Pending', width: 14, value: ({ pending }) => count(pending) },
  { header: 'Does not know', width: 14, value: ({ notKnown }) => count(notKnown) },
  { header: 'Could not be asked', width: 18, value: ({ couldNotAsk }) => count(couldNotAsk) },
  { header: 'Stale answers', width: 14, value: ({ stale }) => count(stale) },
];

/** What the sources said in all; where they are simulated, every line says that. */
export function sourceColumns(simulated: boolean): readonly SheetColumn<SourceTotal>[] {
  return simulated ? [...COLUMNS, SIMULATED_COLUMN] : COLUMNS;
}

/** Says of a line that what it tells is made up. */
export const SIMULATED_COLUMN: SheetColumn<unknown> = {
  header: 'Simulated',
  width: 20,
  value: () => text('answers are made up'),
};

/** Counts the answers of all rows by source. */
export class SourceTotals {
  readonly #counts = new Map<string, number>();

  add(answers: readonly ReportAnswer[]): void {
    for (const { source, status, noAnswer, stale } of answers) {
      this.#increase(source, noAnswer === null ? (status === 'unknown' ? 'not-known' : status) : noAnswer);
      if (stale) {
        this.#increase(source, 'stale');
      }
    }
  }

  /** One for every source Assay has, in their order. */
  all(): readonly SourceTotal[] {
    return SOURCES.map(({ id }) => ({
      source: id,
      malicious: this.#of(id, 'malicious'),
      suspicious: this.#of(id, 'suspicious'),
      'non-malicious': this.#of(id, 'non-malicious'),
      pending: this.#of(id, 'pending'),
      notKnown: this.#of(id, 'not-known'),
      couldNotAsk: this.#of(id, 'could-not-ask'),
      stale: this.#of(id, 'stale'),
    }));
  }

  #of(source: SourceId, what: string): number {
    return this.#counts.get(`${source} ${what}`) ?? 0;
  }

  #increase(source: SourceId, what: string): void {
    this.#counts.set(`${source} ${what}`, this.#of(source, what) + 1);
  }
}
