import type { InputFileView } from '#shared/contract/intake.ts';
import { grouped } from '#shared/domain/grouped.ts';
import type { ReportHead, ReportSet } from '../port.ts';
import { shown } from './shown.ts';
import { minuteOf } from './words.ts';

/** Tables of what was read and of the known sets the verdicts rest on. */
export function evidenceText({ inputs, sets }: ReportHead): string {
  return `<h2 id="inputs">Inputs</h2>\n${inputTable(inputs)}\n<h2 id="sets">Known sets</h2>\n${setTable(sets)}`;
}

function inputTable(inputs: readonly InputFileView[]): string {
  const heads = ['Name', 'Bytes', 'SHA-256', 'Read as', 'Records'];
  return table('What was read, each with its own SHA-256', heads, inputs.map(inputRow), [1, 4]);
}

function inputRow(input: InputFileView): string {
  const { name, bytes, sha256, formatLabel, why, encoding, digestColumns, records, fault, inside } = input;
  const read = [
    shown(formatLabel),
    why === '' ? '' : shown(why),
    encoding === '' ? '' : shown(encoding),
    digestColumns.length === 0 ? '' : `hashes from ${digestColumns.map(shown).join(', ')}`,
    fault === null ? '' : `stopped: ${shown(fault)}`,
  ].filter((text) => text !== '');
  const from = inside === undefined ? '' : `<p class="small">inside ${shown(inside)}</p>`;
  return (
    `<tr><th scope="row">${shown(name)}${from}</th><td class="n">${grouped(bytes)}</td>` +
    `<td><code>${sha256 === null ? 'not known' : shown(sha256)}</code></td><td>${read.join('; ')}</td>` +
    `<td class="n">${grouped(records)}</td></tr>`
  );
}

function setTable(sets: readonly ReportSet[]): string {
  if (sets.length === 0) {
    return '<p>No known set was looked into.</p>';
  }
  return table(
    'Offline sets, numbered as the rows name them',
    ['Number', 'Name', 'Edition', 'Date', 'Marked', 'Exact'],
    sets.map(setRow),
  );
}

function setRow({ name, edition, mark, datedAt, errorRate }: ReportSet, place: number): string {
  const exact =
    errorRate === null ? 'exactly' : `no: about one false hit in ${grouped(Math.max(1, Math.round(1 / errorRate)))}`;
  return (
    `<tr><td>${place + 1}</td><th scope="row">${shown(name)}</th><td>${edition === '' ? '–' : shown(edition)}</td>` +
    `<td>${datedAt === null ? '–' : minuteOf(datedAt).slice(0, 10)}</td><td>${mark}</td><td>${exact}</td></tr>`
  );
}

/** A table with a caption; columns of numbers by their places. */
export function table(
  caption: string,
  heads: readonly string[],
  rows: readonly string[],
  numeric: readonly number[] = [],
): string {
  const cells = heads.map(
    (head, place) => `<th scope="col"${numeric.includes(place) ? ' class="n"' : ''}>${head}</th>`,
  );
  return `<table><caption>${caption}</caption><thead><tr>${cells.join('')}</tr></thead><tbody>\n${rows.join('\n')}\n</tbody></table>`;
}
