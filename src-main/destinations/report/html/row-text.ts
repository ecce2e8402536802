import type { VerdictView } from '#shared/contract/common.ts';
import { DIGEST_LABEL, type DigestKind } from '#shared/domain/hash.ts';
import { sourceLabel } from '#shared/domain/source.ts';
import { grouped } from '#shared/domain/grouped.ts';
import type { ReportAnswer, ReportHead, ReportRow } from '../port.ts';
import { OWN_HASH } from '../../../formats/html/own-page.ts';
import { shown, shownLines } from './shown.ts';
import { basisText, minuteOf, statusText } from './words.ts';

const MOST_PLACES = 3;
const KINDS: readonly DigestKind[] = ['sha256', 'sha1', 'md5'];

const LINKS: Readonly<Record<ReportRow['digestLink'], string>> = {
  single: '',
  computed: 'all read from the same bytes',
  asserted: 'tied together by the list alone',
};

/** One row of the table. `number` counts from 1 in the report's order. */
export function rowText(row: ReportRow, number: number, head: ReportHead): string {
  return (
    `<tr><td class="n">${grouped(number)}</td><td>${statusText(row.verdict.status)}${thenText(row)}</td>` +
    `<th scope="row">${digestsText(row)}${placesText(row, head)}</th>` +
    `<td>${evidence(row, head)}</td><td>${marks(row)}${carried(row, head)}</td></tr>`
  );
}

/** The verdict of the triage, said of every row: a reader must not guess whether it moved. */
function thenText({ verdict, triaged }: ReportRow): string {
  return verdict.status === triaged.status
    ? '<p class="l">as triaged</p>'
    : `<p class="l">triaged as ${triaged.status}</p>`;
}

function digestsText(row: ReportRow): string {
  const others = KINDS.flatMap((kind) => {
    const hash = row.digests[kind];
    return hash === undefined || hash === row.hash ? [] : [`<p class="d">${hashText(hash)} ${DIGEST_LABEL[kind]}</p>`];
  });
  const link = LINKS[row.digestLink];
  return (
    `<p class="d">${hashText(row.hash)} ${DIGEST_LABEL[row.kind]}</p>${others.join('')}` +
    (others.length === 0 || link === '' ? '' : `<p class="l">${link}</p>`)
  );
}

/** Said to be a digest of the row's file: hashes elsewhere in the page, of inputs and in notes, are of other files. */
function hashText(hash: string): string {
  return `<code><${OWN_HASH}>${shown(hash)}</${OWN_HASH}></code>`;
}

function placesText({ where, occurrences, file, line }: ReportRow, { inputs }: ReportHead): string {
  const places = where.length === 0 ? [{ file, line }] : where;
  const first = places.slice(0, MOST_PLACES).map(({ file: name, line: at }) => {
    const lineText = at === 0 ? '' : `line ${grouped(at)}`;
    const isNamed = inputs.length !== 1 || lineText === '' || name !== inputs[0]?.name;
    return [isNamed ? `<bdi>${shown(name)}</bdi>` : '', lineText].filter((text) => text !== '').join(', ');
  });
  const more = occurrences - first.length;
  return `<p class="l">${first.join('; ')}${more > 0 ? `; and ${grouped(more)} more` : ''}</p>`;
}

/** The rule that decided, now and then, and everything that was said of the file. */
function evidence(row: ReportRow, head: ReportHead): string {
  const { answers, listEntries, sets } = row;
  const lines = [
    `<p>${basisText(row.verdict, head.madeAt)}</p>`,
    isSame(row.verdict, row.triaged)
      ? ''
      : `<p class="l">At triage: ${basisText(row.triaged, head.intake.triagedAt)}</p>`,
    ...listEntries.map(
      ({ side, reason }) =>
        `<p class="l">Hash list: ${side}${reason === '' ? '' : `, <bdi>${shown(reason)}</bdi>`}</p>`,
    ),
    ...answers.map((answer) => `<p class="l">${answerText(answer)}</p>`),
    ...sets.map((hit) => {
      const set = head.sets[hit.set];
      const how = (set?.errorRate ?? null) === null ? 'In' : 'Possibly in';
      return `<p class="l">${how} set ${hit.set + 1}, <bdi>${shown(set?.name ?? '')}</bdi>, by ${DIGEST_LABEL[hit.matchedBy]}${hit.asserted === undefined ? '' : ', which the list alone ties to this row'}</p>`;
    }),
  ];
  return lines.join('');
}

function isSame(one: VerdictView, other: VerdictView): boolean {
  return (
    one.status === other.status &&
    one.rule === other.rule &&
    one.source === other.source &&
    one.answeredAt === other.answeredAt
  );
}

/** What one source says. That it could not be asked is never the same as that it does not know the file. */
function answerText(answer: ReportAnswer): string {
  const { source, status, noAnswer, score, threat, rawCode, scannedAt, stale, matchedBy, link } = answer;
  const says =
    noAnswer === 'not-known' ? 'does not know it' : noAnswer === 'could-not-ask' ? 'could not be asked' : status;
  const parts = [
    `${sourceLabel(source)}: ${says}`,
    threat === null || threat === '' ? '' : `<bdi>${shown(threat)}</bdi>`,
    score === null ? '' : `score ${score}`,
    rawCode === null || rawCode === '' ? '' : `raw <bdi>${shown(rawCode)}</bdi>`,
    scannedAt === null ? '' : minuteOf(scannedAt),
    stale ? 'stale' : '',
    matchedBy === 'sha256' ? '' : `by ${DIGEST_LABEL[matchedBy]} alone`,
    link === 'asserted' ? 'for a file that the list alone ties to this row' : '',
  ];
  return parts.filter((part) => part !== '').join(', ');
}

/** What people wrote beside the hash. */
function marks({ tags, note }: ReportRow): string {
  const tagText =
    tags.length === 0 ? '' : `<p>${tags.map((tag) => `<span class="tag">${shown(tag)}</span>`).join('')}</p>`;
  return `${tagText}${note === '' ? '' : `<p class="lines">Note: ${shownLines(note)}</p>`}`;
}

function carried({ carried: values }: ReportRow, { columns }: ReportHead): string {
  return values
    .map((value, place) => {
      const name = columns[place] ?? '';
      const label = name === '' ? `Column ${place + 1}` : shown(name);
      return value === '' ? '' : `<p><span class="k">${label}:</span> <bdi>${shown(value)}</bdi></p>`;
    })
    .join('');
}
