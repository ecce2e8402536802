import type { Status } from '#shared/domain/status.ts';

/** What the appliance, or its cloud, says about a file. */
export type Word = 'malicious' | 'suspicious' | 'goodware' | 'unknown';

/** One side's words about a file. Times are seconds since the epoch. */
export interface Verdict {
  /** Null while the file is not processed yet. */
  readonly word: Word | null;
  /** 0 to 10; null when none was told. */
  readonly risk: number | null;
  readonly result: string | null;
  readonly reason: string | null;
  readonly firstSeen: number | null;
  readonly lastSeen: number | null;
}

/** Whose word it is in the end, and what it comes to. */
export interface Decision {
  readonly by: 'appliance' | 'cloud' | null;
  readonly outcome: 'answer' | 'pending' | 'not-known';
  readonly status: Status;
}

const STATUS: Readonly<Record<Exclude<Word, 'unknown'>, Status>> = {
  malicious: 'malicious',
  suspicious: 'suspicious',
  goodware: 'non-malicious',
};

/** The word of a text, whatever its case; null when it is none that is documented. */
export function wordOf(text: string): Word | null {
  const word = text.trim().toLowerCase();
  return word === 'unknown' || Object.hasOwn(STATUS, word) ? (word as Word) : null;
}

/**
 * The appliance's own verdict goes before its cloud's. Where it has none the cloud's word counts; of a file that is
 * still being processed only when that is suspicious or worse. The risk decides nothing.
 */
export function decide(local: Verdict | null, cloud: Verdict | null): Decision {
  const own = local?.word ?? null;
  const other = cloud?.word ?? 'unknown';
  if (own !== null && own !== 'unknown') {
    return { by: 'appliance', outcome: 'answer', status: STATUS[own] };
  }
  const isProcessing = local !== null && own === null;
  if (other !== 'unknown' && !(isProcessing && other === 'goodware')) {
    return { by: 'cloud', outcome: 'answer', status: STATUS[other] };
  }
  return isProcessing
    ? { by: null, outcome: 'pending', status: 'pending' }
    : { by: null, outcome: 'not-known', status: 'unknown' };
}

/** Both sides' words as short text, e.g. `local=malicious cloud=goodware`. */
export function rawCodeOf(local: Verdict | null, cloud: Verdict | null): string {
  const said = [
    ...(local === null ? [] : [`local=${local.word ?? 'pending'}`]),
    ...(cloud === null || cloud.word === null ? [] : [`cloud=${cloud.word}`]),
  ];
  return said.join(' ');
}

/** What a kept code says: "malicious", "goodware in its cloud", or both where they disagree. Null when it is none. */
export function wordsOf(rawCode: string): string | null {
  const said = /^(?:local=([a-z]+))?(?:(?:^| )cloud=([a-z]+))?$/.exec(rawCode);
  const [local, cloud] = [verdictIn(said?.[1]), verdictIn(said?.[2])];
  if (local === null) {
    return cloud === null ? null : `${cloud} in its cloud`;
  }
  return cloud === null || cloud === local ? local : `${local} on the appliance, ${cloud} in its cloud`;
}

/** Whether a side judges the file at all. */
export function judges(side: Verdict | null): boolean {
  return side !== null && side.word !== null && side.word !== 'unknown';
}

/** A word that judges; null for "unknown" and for what is still being processed. */
function verdictIn(text: string | undefined): string | null {
  const word = wordOf(text ?? '');
  return word === 'unknown' ? null : word;
}
