import { grouped } from '#shared/domain/grouped.ts';
import { SOURCES, type SourceId } from '#shared/domain/source.ts';
import { STATUSES, type Status } from '#shared/domain/status.ts';
import type { ReportAnswer } from '../port.ts';
import { table } from './evidence.ts';
import { minuteOf } from './words.ts';

interface Total {
  readonly statuses: Map<Status, number>;
  notKnown: number;
  couldNotAsk: number;
  stale: number;
  oldest: number | null;
  newest: number | null;
}

/** What the sources said of all rows, added up while these are written. */
export interface SourceTotals {
  add(answers: readonly ReportAnswer[]): void;
  text(): string;
}

/** Starts with nothing said. */
export function createSourceTotals(): SourceTotals {
  const totals = new Map<SourceId, Total>();
  return {
    add(answers) {
      for (const answer of answers) {
        count(answer, totals);
      }
    },
    text() {
      const rows = SOURCES.flatMap(({ id, label }) => {
        const total = totals.get(id);
        return total === undefined ? [] : [totalRow(label, total)];
      });
      const heads = [
        'Source',
        ...STATUSES.filter((status) => status !== 'unknown'),
        'does not know',
        'could not be asked',
      ];
      const all = [...heads, 'stale', 'oldest answer', 'newest answer'];
      const body =
        rows.length === 0
          ? '<p>No source said anything about these rows.</p>'
          : table('What the sources said of these rows, in rows; times are UTC', all, rows, [1, 2, 3, 4, 5, 6, 7]);
      return `<h2 id="sources">Sources</h2>\n${body}`;
    },
  };
}

function count(answer: ReportAnswer, totals: Map<SourceId, Total>): void {
  let total = totals.get(answer.source);
  if (total === undefined) {
    total = { statuses: new Map(), notKnown: 0, couldNotAsk: 0, stale: 0, oldest: null, newest: null };
    totals.set(answer.source, total);
  }
  if (answer.noAnswer === 'not-known') {
    total.notKnown += 1;
  } else if (answer.noAnswer === 'could-not-ask') {
    total.couldNotAsk += 1;
  } else {
    total.statuses.set(answer.status, (total.statuses.get(answer.status) ?? 0) + 1);
  }
  total.stale += answer.stale ? 1 : 0;
  if (answer.scannedAt !== null) {
    total.oldest = Math.min(total.oldest ?? answer.scannedAt, answer.scannedAt);
    total.newest = Math.max(total.newest ?? answer.scannedAt, answer.scannedAt);
  }
}

function totalRow(label: string, total: Total): string {
  const numbers = [
    ...STATUSES.filter((status) => status !== 'unknown').map((status) => total.statuses.get(status) ?? 0),
    total.notKnown,
    total.couldNotAsk,
    total.stale,
  ];
  const times = [total.oldest, total.newest].map((at) => `<td>${at === null ? '–' : minuteOf(at)}</td>`);
  return `<tr><th scope="row">${label}</th>${numbers.map((value) => `<td class="n">${grouped(value)}</td>`).join('')}${times.join('')}</tr>`;
}
