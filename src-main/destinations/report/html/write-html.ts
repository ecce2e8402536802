import { counted, grouped } from '#shared/domain/grouped.ts';
import { OWN_PAGE } from '../../../formats/html/own-page.ts';
import { manifestText } from '../manifest.ts';
import type { ReportContent, ReportHead, WriteReport } from '../port.ts';
import { coverText, SIMULATED } from './cover.ts';
import { evidenceText } from './evidence.ts';
import { rowText } from './row-text.ts';
import { createSourceTotals } from './source-totals.ts';
import { troubleRow, TROUBLE_HEADS } from './troubles.ts';

/** Rows of one table. More in one, and a browser would lay all of them out to show the first. */
const PART_ROWS = 500;

const ROW_COLUMNS = '<colgroup><col class="cn"><col class="cv"><col class="ch"><col class="cb"><col></colgroup>';
const ROW_HEADS = ['No.', 'Verdict', 'Hash and where it stood', 'Basis and answers', 'Notes and what the list says'];

/**
 * The report as one HTML page that loads nothing and runs nothing. Rows come in their order, in tables of 500 that a
 * browser lays out when they come into sight. What is not visible in a value is named, see `shown`.
 */
export const writeHtml: WriteReport = async function* (content: ReportContent) {
  const { head } = content;
  yield `${coverText(head)}\n${evidenceText(head)}\n`;
  const totals = createSourceTotals();
  let written = 0;
  yield '<h2 id="rows">Rows</h2>\n';
  for await (const batch of content.rows) {
    let text = '';
    for (const row of batch) {
      if (written % PART_ROWS === 0) {
        text += `${written === 0 ? '' : CLOSE}${open(written, head)}`;
      }
      written += 1;
      totals.add(row.answers);
      text += `${rowText(row, written, head)}\n`;
    }
    yield text;
  }
  yield written === 0 ? '<p>No row was selected.</p>\n' : CLOSE;
  if (written < head.rows) {
    yield `<p class="mark">${grouped(written)} of ${counted(head.rows, 'row')} are shown here.</p>\n`;
  }
  yield `${totals.text()}\n`;
  yield* troublesText(content);
  yield ending(head);
};

const CLOSE = '</tbody></table></div>\n';

function open(written: number, { rows, simulated }: ReportHead): string {
  const last = Math.min(rows, written + PART_ROWS);
  const stamp = simulated
    ? `<tr><th class="stamp" scope="colgroup" colspan="${ROW_HEADS.length}">${SIMULATED}</th></tr>`
    : '';
  const heads = ROW_HEADS.map((head, place) => `<th scope="col"${place === 0 ? ' class="n"' : ''}>${head}</th>`).join(
    '',
  );
  return (
    `<div class="part"><table class="rows"><caption>Rows ${grouped(written + 1)} to ${grouped(Math.max(last, written + 1))} of ${grouped(rows)}</caption>` +
    `${ROW_COLUMNS}<thead>${stamp}<tr>${heads}</tr></thead><tbody>\n`
  );
}

async function* troublesText({ head, troubles }: ReportContent): AsyncGenerator<string> {
  yield '<h2 id="troubles">What is no row</h2>\n';
  let count = 0;
  for await (const batch of troubles) {
    let text = '';
    for (const trouble of batch) {
      if (count % PART_ROWS === 0) {
        text += `${count === 0 ? '' : CLOSE}<div class="part"><table><caption>Records without a hash, or rejected</caption><thead><tr>${TROUBLE_HEADS}</tr></thead><tbody>\n`;
      }
      count += 1;
      text += `${troubleRow(trouble)}\n`;
    }
    yield text;
  }
  yield count === 0
    ? `<p>${head.troubles === 0 ? 'Every record of the inputs is a row.' : `${counted(head.troubles, 'record')} without a hash or rejected are not listed here.`}</p>\n`
    : CLOSE;
}

function ending(head: ReportHead): string {
  const isPrinted = head.format === 'pdf';
  const place = isPrinted
    ? 'A comment after the end of this document holds its manifest and a seal'
    : 'The last lines of this file hold its manifest and a seal';
  return (
    `<h2 id="manifest">Manifest</h2><p>${place}: the SHA-256 over all bytes of the file with zeros in the place of the ` +
    'seal. <code>assay report verify FILE</code> says whether the file is as it was made. The seal shows that a file was ' +
    `changed, not who made it.</p>\n</main></${OWN_PAGE}>\n` +
    (isPrinted ? '' : `<script type="application/json" id="assay-manifest">${manifestText(head)}</script>\n`) +
    '</body></html>\n'
  );
}
