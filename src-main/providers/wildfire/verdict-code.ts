import type { Status } from '#shared/domain/status.ts';
import type { HashAnswer } from '../port.ts';

/** What a verdict code of the WildFire API comes to. */
export interface VerdictMeaning {
  readonly outcome: HashAnswer['outcome'];
  readonly status: Status;
  /** The vendor's word for the code. */
  readonly word: string;
  /** A sentence for what is no plain answer. */
  readonly note: string | null;
}

const answer = (status: Status, word: string): VerdictMeaning => ({ outcome: 'answer', status, word, note: null });
const none = (outcome: HashAnswer['outcome'], word: string, note: string | null): VerdictMeaning => ({
  outcome,
  status: 'unknown',
  word,
  note,
});

/** Codes of the public API guide ("Get a Verdict"); 5 and -104 came with later products. */
const MEANINGS: ReadonlyMap<string, VerdictMeaning> = new Map([
  ['0', answer('non-malicious', 'benign')],
  ['1', answer('malicious', 'malware')],
  ['2', answer('suspicious', 'grayware')],
  ['4', answer('malicious', 'phishing')],
  ['5', answer('malicious', 'command and control')],
  ['-100', { outcome: 'pending', status: 'pending', word: 'pending', note: null }],
  ['-101', none('transient', 'error', 'WildFire met an error of its own with this file (-101).')],
  ['-102', none('not-known', 'unknown', null)],
  ['-103', none('invalid-input', 'invalid hash', 'WildFire says that this is no hash (-103).')],
  ['-104', none('not-known', 'flawed submission', 'WildFire holds a submission it could not use (-104).')],
]);

const INTEGER = /^[+-]?\d{1,9}$/;

/**
 * The meaning of a verdict's text, or null when it is no integer. A code nobody documented says nothing about the file:
 * it is not known, the code is kept beside it, and a later version may know better.
 */
export function meaningOf(verdict: string): { readonly code: string; readonly meaning: VerdictMeaning } | null {
  if (!INTEGER.test(verdict)) {
    return null;
  }
  const code = String(Number(verdict));
  const meaning =
    MEANINGS.get(code) ??
    none('not-known', 'undocumented', `WildFire answered with the code ${code}, which it does not document.`);
  return { code, meaning };
}
