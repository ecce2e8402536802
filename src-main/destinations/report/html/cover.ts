import type { Counts } from '#shared/contract/common.ts';
import { counted, grouped } from '#shared/domain/grouped.ts';
import { STATUSES, type Status } from '#shared/domain/status.ts';
import { OWN_PAGE } from '../../../formats/html/own-page.ts';
import { groupedDigits } from '../facts/grouped-digits.ts';
import type { ReportHead } from '../port.ts';
import { REPORT_STYLE_SOURCES, styleElements } from './style.ts';
import { shown, shownLines, shownTitle } from './shown.ts';
import { minuteOf, statusClass, statusText } from './words.ts';

/** What makes this page safe to open: nothing runs, nothing is loaded, and no style counts but its own. */
const POLICY = `default-src 'none'; style-src ${REPORT_STYLE_SOURCES.join(' ')}; base-uri 'none'; form-action 'none'`;

export const SIMULATED = 'Simulated: the sources of this data directory are made up, and so is what they answered.';

/** The page up to its rows: what it is, who made it of what, how its records add up, and what its verdicts say in all. */
export function coverText(head: ReportHead): string {
  return [opening(head), statement(head), contents(), verdicts(head), accounting(head), problems(head.problems)].join(
    '\n',
  );
}

function opening({ statement: { title }, intake, simulated }: ReportHead): string {
  const name = title === '' ? `Verdicts of ${intake.title}` : title;
  return (
    '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">' +
    `<meta http-equiv="Content-Security-Policy" content="${POLICY}">` +
    '<meta name="viewport" content="width=device-width"><meta name="referrer" content="no-referrer">' +
    `<title>${shownTitle(groupedDigits(name))}</title>${styleElements(simulated)}</head>\n<body><${OWN_PAGE}><header>` +
    `${simulated ? `<p class="mark">${SIMULATED}</p>` : ''}<p class="small">Assay report</p><h1>${shown(name)}</h1></header>\n<main>`
  );
}

function statement({ statement: { caseName, examiner, note }, intake, madeAt, madeBy }: ReportHead): string {
  const facts: readonly (readonly [string, string])[] = [
    ['Case', shown(caseName)],
    ['Examiner', shown(examiner)],
    ['Made', `${minuteOf(madeAt)} UTC by ${shown(madeBy)}`],
    ['Of', `intake ${intake.id}, ${shown(intake.title)}`],
    ['Read', `${minuteOf(intake.createdAt)} UTC by ${shown(intake.readBy)}${stateText(intake)}`],
    ['SHA-256 of what was read', intake.sha256 === null ? 'not known' : `<code>${shown(intake.sha256)}</code>`],
    ['Triaged', `${minuteOf(intake.triagedAt)} UTC`],
    ['Verdicts as of', `${minuteOf(intake.judgedAt)} UTC`],
    ['Asking outside', intake.embargo ? 'never: this intake is under embargo' : 'allowed within quotas'],
    ['Note on the intake', paragraphs(intake.note)],
    ['Remarks', paragraphs(note)],
  ];
  return `<dl>${facts
    .filter(([, text]) => text !== '')
    .map(([term, text]) => `<dt>${term}</dt><dd>${text}</dd>`)
    .join('\n')}</dl>`;
}

function stateText({ state, fault }: ReportHead['intake']): string {
  const why = fault === null ? '' : `: ${shown(fault)}`;
  return state === 'ready' ? why : `, ${shown(state)}${why}`;
}

function paragraphs(text: string): string {
  return text.trim() === '' ? '' : `<span class="lines">${shownLines(text)}</span>`;
}

function contents(): string {
  const parts = [
    ['verdicts', 'Verdicts'],
    ['accounting', 'Accounting'],
    ['inputs', 'Inputs'],
    ['sets', 'Known sets'],
    ['rows', 'Rows'],
    ['sources', 'Sources'],
    ['troubles', 'What is no row'],
    ['manifest', 'Manifest'],
  ];
  return `<nav aria-label="Contents"><ul>${parts.map(([id, label]) => `<li><a href="#${id}">${label}</a></li>`).join('')}</ul></nav>`;
}

function verdicts({ rowCounts, rows, selection, counts, accounting: { hashes } }: ReportHead): string {
  const also = [
    rowCounts.conflict > 0 ? `${counted(rowCounts.conflict, 'row')} on which answers disagree` : '',
    rowCounts.stale > 0 ? `${counted(rowCounts.stale, 'row')} with an answer past its rescan interval` : '',
  ].filter((text) => text !== '');
  const whole =
    rows === hashes
      ? ''
      : `<p class="small">Of the whole intake, ${counted(hashes, 'hash', 'hashes')}: ${inWords(counts)}.</p>`;
  return (
    `<h2 id="verdicts">Verdicts</h2><p>In this report: ${shown(selection)}.</p>${bar(rowCounts)}` +
    `<ul class="counts">${STATUSES.map((status) => `<li>${grouped(rowCounts[status])}${statusText(status)}</li>`).join('')}</ul>` +
    `${also.length === 0 ? '' : `<p>Of these, ${also.join(' and ')}.</p>`}${whole}`
  );
}

/** The shares as one bar. Its words stand below it, its parts in their order. */
function bar(counts: Counts): string {
  const all = STATUSES.reduce((sum, status) => sum + counts[status], 0);
  if (all === 0) {
    return '';
  }
  let x = 0;
  const parts = STATUSES.map((status) => {
    const width = (counts[status] / all) * 1000;
    const rect =
      width === 0
        ? ''
        : `<rect class="${statusClass(status)}" x="${x.toFixed(2)}" y="0" width="${width.toFixed(2)}" height="10"/>`;
    x += width;
    return rect;
  });
  return `<svg class="bar" viewBox="0 0 1000 10" preserveAspectRatio="none" role="img" aria-label="${inWords(counts)}">${parts.join('')}</svg>`;
}

function inWords(counts: Counts): string {
  return STATUSES.map((status: Status) => `${grouped(counts[status])} ${status}`).join(', ');
}

function accounting({ accounting: sum }: ReportHead): string {
  const terms = [
    `<b>${grouped(sum.hashes)}</b> ${sum.hashes === 1 ? 'hash' : 'hashes'}`,
    `<b>${grouped(sum.duplicates)}</b> ${sum.duplicates === 1 ? 'duplicate' : 'duplicates'}`,
    `<b>${grouped(sum.withoutHash)}</b> without a hash`,
    `<b>${grouped(sum.rejected)}</b> rejected`,
  ];
  const agrees = sum.balanced
    ? 'A separate count of the records agrees.'
    : 'A separate count of the records does not agree with this sum.';
  const others = Object.entries(sum.notDigests).filter(([, count]) => count > 0);
  return (
    `<h2 id="accounting">Accounting</h2><p class="equation"><b>${grouped(sum.records)}</b> ${sum.records === 1 ? 'record' : 'records'} = ` +
    `${terms.join(' + ')}</p><p>${agrees} Besides, ${counted(sum.otherLines, 'line')} held no record.</p>` +
    (others.length === 0
      ? ''
      : `<p class="small">Like digests, but no digests of files: ${others.map(([name, count]) => `${shown(name)} ${grouped(count)}`).join(', ')}.</p>`)
  );
}

function problems(list: readonly string[]): string {
  return list.length === 0
    ? ''
    : `<h2>What the verdicts lack</h2><ul>${list.map((problem) => `<li>${shown(problem)}</li>`).join('')}</ul>`;
}
