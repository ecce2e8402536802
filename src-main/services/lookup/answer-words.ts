import { grouped } from '#shared/domain/grouped.ts';
import type { Threshold } from '#shared/domain/evidence.ts';
import type { LookupSource } from '#shared/contract/lookup.ts';
import type { Status } from '#shared/domain/status.ts';
import type { Provider } from '../../providers/port.ts';

type Item = Pick<NonNullable<LookupSource['item']>, 'status' | 'noAnswer' | 'score' | 'rawCode'>;

/** How an answer reads: its score, and the rule that made its status of it. Empty where there is nothing to say. */
export interface AnswerWords {
  readonly score: string;
  readonly rule: string;
}

/** The words of one answer. `threshold` is what the user set for the source. */
export function answerWords(
  provider: Pick<Provider, 'facts' | 'word'>,
  item: Item,
  threshold: Threshold | undefined,
): AnswerWords {
  if (item.noAnswer !== null || item.status === 'pending') {
    return { score: '', rule: '' };
  }
  const { score, thresholds } = provider.facts;
  const limits = {
    malicious: threshold?.malicious ?? thresholds?.malicious ?? null,
    suspicious: threshold?.suspicious ?? thresholds?.suspicious ?? null,
  };
  if (score === 'engines' && item.score !== null) {
    return { score: enginesText(item), rule: limitText(item.status, limits, 'engines') };
  }
  if (score === 'risk') {
    return item.score === null
      ? { score: '', rule: verdictText(provider, item) }
      : { score: `risk ${item.score} of 99`, rule: riskText(item.status, item.score, limits) };
  }
  if (score === 'risk-10') {
    return { score: item.score === null ? '' : `risk ${item.score} of 10`, rule: verdictText(provider, item) };
  }
  if (score === 'level') {
    return { score: levelText(item), rule: verdictText(provider, item) };
  }
  if (item.rawCode === null) {
    return { score: '', rule: '' };
  }
  const word = provider.word?.(item.rawCode) ?? null;
  return { score: `verdict ${item.rawCode}`, rule: `${word ?? `verdict ${item.rawCode}`} = ${item.status}` };
}

/** The source's own verdict, which decides whatever the score is: "goodware = non-malicious". */
function verdictText({ word }: Pick<Provider, 'word'>, { rawCode, status }: Item): string {
  const said = rawCode === null ? null : (word?.(rawCode) ?? rawCode);
  return said === null ? '' : `${said} = ${status}`;
}

/** What the source says beside its verdict: how far it trusts what it knows, kept as `trust=1`, or how bad it is. */
function levelText({ rawCode, score }: Item): string {
  const trust = /(?:^|\s)trust=([0-5])(?:\s|$)/.exec(rawCode ?? '')?.[1];
  if (trust !== undefined) {
    return `trust factor ${trust} of 5 (0 is most trusted)`;
  }
  return score === null ? '' : `threat level ${score} of 5`;
}

/** "41 of 72 engines", from the counts kept as `m=41 s=1 u=29 h=1`; without counts what the score says. */
function enginesText({ rawCode, score }: Item): string {
  const counts = [...(rawCode ?? '').matchAll(/(?:^|\s)([a-z]+)=(\d+)/g)].map(([, name, value]) => ({
    name,
    value: Number(value),
  }));
  const all = counts.reduce((sum, count) => sum + count.value, 0);
  const flagging = counts.find(({ name }) => name === 'm')?.value;
  if (flagging === undefined || all === 0) {
    return `${grouped(score ?? 0)} engines`;
  }
  const suspicious = counts.find(({ name }) => name === 's')?.value ?? 0;
  const also = suspicious === 0 ? '' : `, ${grouped(suspicious)} suspicious`;
  return `${grouped(flagging)} of ${grouped(all)} engines${also}`;
}

/** Low risk makes no file harmless; only a person's word that a score does. */
function riskText(status: Status, score: number, limits: Threshold): string {
  return status === 'non-malicious' ? `score ${score} = ${status}` : limitText(status, limits, 'risk');
}

function limitText(status: Status, { malicious, suspicious }: Threshold, unit: 'engines' | 'risk'): string {
  const least = (value: number): string =>
    unit === 'engines' ? enginesWord(`at least ${value}`, value) : `at least ${value}`;
  const fewer = (value: number): string =>
    unit === 'engines' ? enginesWord(`fewer than ${value}`, value) : `below ${value}`;
  if (status === 'malicious') {
    return malicious === null ? '' : least(malicious);
  }
  if (status === 'suspicious') {
    return suspicious === null ? '' : least(suspicious);
  }
  const lowest = suspicious ?? malicious;
  return lowest === null ? '' : fewer(lowest);
}

function enginesWord(text: string, value: number): string {
  return `${text} engine${value === 1 ? '' : 's'}`;
}
