import type { Outcome } from '#shared/domain/outcome.ts';

/** What a request, or one hash of it, came to; in words. */
export const OUTCOME_WORDS: Readonly<Record<Outcome, string>> = {
  answer: 'answered',
  'not-known': 'not known there',
  pending: 'pending',
  'invalid-input': 'refused as no hash',
  auth: 'key refused',
  quota: 'quota met',
  transient: 'not reached',
  protocol: 'no valid answer',
  'could-not-ask': 'could not ask',
  lost: 'answer lost',
};
