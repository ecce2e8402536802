import { grouped } from '#shared/domain/grouped.ts';
import type { Trouble } from '../../../services/intake/port.ts';
import { shown } from './shown.ts';

/** The heads of the table of records that are no rows. */
export const TROUBLE_HEADS = ['Where', 'What', 'Why', 'Begins with']
  .map((head) => `<th scope="col">${head}</th>`)
  .join('');

/** A record that is no row: where it stood, why, and how it begins. */
export function troubleRow({ file, line, column, kind, reason, excerpt }: Trouble): string {
  const place = [line === 0 ? '' : `line ${grouped(line)}`, column === null ? '' : `column ${grouped(column)}`];
  const where = [`<bdi>${shown(file)}</bdi>`, ...place].filter((text) => text !== '').join(', ');
  return (
    `<tr><th scope="row">${where}</th><td>${kind === 'rejected' ? 'rejected' : 'without a hash'}</td>` +
    `<td>${shown(reason)}</td><td><code>${shown(excerpt)}</code></td></tr>`
  );
}
