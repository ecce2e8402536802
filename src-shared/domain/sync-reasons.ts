import type { HoldReason, WithdrawalReason } from './indicator.ts';

/** Why an indicator is held back or withdrawn, in a few words; the same in every shell. */
export const REASON_WORDS: Readonly<Record<HoldReason | WithdrawalReason, string>> = {
  own: 'own or private',
  'hash-list': 'non-malicious on the hash list',
  'known-good': 'in a known-good set',
  'non-malicious': 'non-malicious here',
  recalled: 'called back',
  deleted: 'deleted in ThreatConnect',
  inactive: 'inactive in ThreatConnect',
  'no-match': 'no longer matches',
  held: 'held back now',
  invalid: 'invalid now',
};
