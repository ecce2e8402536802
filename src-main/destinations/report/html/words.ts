import type { VerdictView } from '#shared/contract/common.ts';
import { agePhrase } from '#shared/domain/age.ts';
import type { Flag } from '#shared/domain/basis.ts';
import type { Status } from '#shared/domain/status.ts';
import { verdictBasisLabel } from '#shared/domain/why.ts';
import { isoTime } from '../../jsonl-rows.ts';

const FLAG_WORDS: Readonly<Record<Flag, string>> = {
  conflict: 'answers disagree',
  stale: 'that answer is past its rescan interval',
  ambiguous: 'the hash stands for several files, the worst shows',
  weak: 'matched by MD5 or SHA-1 alone',
  asserted: 'raised by a hash that only the list ties to it',
  listedBothSides: 'on both sides of the hash list',
};

/** `2026-11-22 08:00`, UTC: a file is read in other years and places. */
export function minuteOf(seconds: number): string {
  return isoTime(seconds).slice(0, 16).replace('T', ' ');
}

/** A status by shape, word and colour. */
export function statusText(status: Status): string {
  return `<b class="s ${statusClass(status)}">${status}</b>`;
}

/** The class of the stylesheet that colours a status. */
export function statusClass(status: Status): string {
  return status.slice(0, 3);
}

/** What a verdict rests on, how old that is, and what a reader must know beside it. */
export function basisText(verdict: VerdictView, now: number): string {
  const { answeredAt, flags } = verdict;
  const age = answeredAt === null ? '' : `, ${minuteOf(answeredAt)} (${agePhrase(answeredAt, now)})`;
  const beside = flags.map((flag) => FLAG_WORDS[flag]).join('; ');
  return `${verdictBasisLabel(verdict)}${age}${beside === '' ? '' : `. ${beside[0]?.toUpperCase() ?? ''}${beside.slice(1)}`}`;
}
