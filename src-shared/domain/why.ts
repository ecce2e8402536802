import { assertNever } from '../errors/app-error.ts';
import { agePhrase } from './age.ts';
import type { Flag, Verdict } from './basis.ts';
import { sourceLabel } from './source.ts';

/** What a verdict alone does not carry; each part is left out of the sentence when it is not known. */
export interface WhyContext {
  /** Seconds since the epoch. */
  readonly now: number;
  /** Name and edition of the known set that decided. */
  readonly setName?: string;
  /** How many answers there were in all. */
  readonly answers?: number;
  /** Why a source could not be asked. */
  readonly reason?: string;
}

/** Says in plain words which rule decided and what a reader must know beside it. */
export function explainVerdict(verdict: Verdict, context: WhyContext): string {
  const parts = [`${mainClause(verdict, context)}.`];
  const weight = weightClause(verdict, context.answers ?? 0);
  if (weight !== '') {
    parts.push(`${weight}.`);
  }
  for (const flag of verdict.flags) {
    parts.push(`${flagClause(flag, verdict)}.`);
  }
  return parts.join(' ');
}

/** The basis in a few words, for a grid cell. A known set's own name may be given. */
export function verdictBasisLabel(verdict: Verdict, setName?: string): string {
  const more = verdict.agreeing > 0 ? ` +${verdict.agreeing}` : '';
  return `${basisWord(verdict, setName)}${more}`;
}

function basisWord(verdict: Verdict, setName: string | undefined): string {
  switch (verdict.rule) {
    case 'hash-list':
      return 'Hash list';
    case 'source':
      return nameOf(verdict);
    case 'known-bad':
      return setName ?? 'Known-bad set';
    case 'known-good':
      return setName ?? 'Known-good set';
    case 'known-set':
      return setName ?? 'Known set';
    case 'pending':
      return `${nameOf(verdict)} pending`;
    case 'source-does-not-know':
      return `${nameOf(verdict)} does not know`;
    case 'could-not-ask':
      return `${nameOf(verdict)} not reached`;
    case 'never-asked':
      return 'never asked';
    default:
      return assertNever(verdict.rule);
  }
}

function mainClause(verdict: Verdict, context: WhyContext): string {
  const age = verdict.answeredAt === null ? '' : `, ${agePhrase(verdict.answeredAt, context.now)}`;
  switch (verdict.rule) {
    case 'hash-list':
      return `The hash list says ${verdict.status}${age === '' ? '' : `, added ${age.slice(2)}`}`;
    case 'source':
      return `${nameOf(verdict)} says ${verdict.status}${age}`;
    case 'known-bad':
      return `${setOf(context, 'known-bad')} holds it`;
    case 'known-good':
      return `${setOf(context, 'known-good')} holds it`;
    case 'known-set':
      return `${setOf(context, 'known')} holds it; known is not a judgement`;
    case 'pending':
      return `${nameOf(verdict)} has not finished${age === '' ? '' : `, asked ${age.slice(2)}`}`;
    case 'source-does-not-know':
      return `${nameOf(verdict)} does not know it${age}`;
    case 'could-not-ask':
      return `${nameOf(verdict)} could not be asked${context.reason === undefined ? '' : `: ${context.reason}`}${age}`;
    case 'never-asked':
      return 'Nothing on this machine says anything about it, and no source was asked';
    default:
      return assertNever(verdict.rule);
  }
}

function weightClause(verdict: Verdict, answers: number): string {
  if (verdict.rule === 'hash-list') {
    return answers > 1 ? `It decides over ${answers - 1} other ${answers === 2 ? 'answer' : 'answers'}` : '';
  }
  if (verdict.status === 'unknown' || verdict.status === 'pending') {
    return verdict.agreeing > 0 ? `The same holds for ${count(verdict.agreeing, 'further source')}` : '';
  }
  if (answers > 1) {
    const share = verdict.agreeing + 1 === answers ? `All ${answers} answers agree` : `Worst of ${answers} answers`;
    return share;
  }
  return verdict.agreeing > 0 ? `${count(verdict.agreeing, 'further answer')} agree` : '';
}

function flagClause(flag: Flag, verdict: Verdict): string {
  switch (flag) {
    case 'conflict':
      return verdict.status === 'non-malicious'
        ? 'Another answer says suspicious or worse'
        : 'Another answer says non-malicious';
    case 'stale':
      return 'That answer is past its rescan interval';
    case 'ambiguous':
      return 'The hash stands for several files; the worst of them shows';
    case 'weak':
      return 'Matched by MD5 or SHA-1 alone';
    case 'asserted':
      return 'Raised by a hash that only this list ties to the row';
    case 'listedBothSides':
      return 'It is on both sides of the hash list; malicious wins';
    default:
      return assertNever(flag);
  }
}

function nameOf(verdict: Verdict): string {
  return verdict.source === null ? 'A source' : sourceLabel(verdict.source);
}

function setOf(context: WhyContext, mark: string): string {
  return context.setName === undefined ? `A ${mark} set` : `The ${mark} set ${context.setName}`;
}

function count(number: number, word: string): string {
  return `${number} ${word}${number === 1 ? '' : 's'}`;
}
