/**
 * What came of asking a source about one hash, or of one request when it failed as a whole. The index is stored in the
 * request log. Never renumber; append only.
 *
 * - `answer`: the source has a status for it
 * - `not-known`: the source was reached and has no record
 * - `pending`: the source has the file and no verdict yet
 * - `invalid-input`: the source says this is no hash; nothing is kept as an answer
 * - `auth`: the key was refused, or lacks the right
 * - `quota`: a limit of the source was met; says nothing about the hash
 * - `transient`: network, proxy, time-out, 5xx: worth another try
 * - `protocol`: an answer that is none: HTML, garbage, cut short, too large, an entry missing from a batch
 * - `could-not-ask`: never sent, because the source takes no digest this file is known by
 * - `lost`: reserved and perhaps sent by a process that ended before it heard the answer
 */
export const OUTCOMES = [
  'answer',
  'not-known',
  'pending',
  'invalid-input',
  'auth',
  'quota',
  'transient',
  'protocol',
  'could-not-ask',
  'lost',
] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** Why a hash is asked about, most urgent first. The index + 1 is stored and is the order of the queue. */
export const PURPOSES = ['person', 'new', 'recheck', 'rescan'] as const;
export type Purpose = (typeof PURPOSES)[number];

/** What a source may count by: a sliding minute, a UTC hour (only where a source says so), UTC days and months. */
export const QUOTA_WINDOWS = ['minute', 'hour', 'day', 'month'] as const;
export type QuotaWindow = (typeof QUOTA_WINDOWS)[number];

/**
 * Why a call was not made for a (hash, source) pair.
 *
 * - `hash-list`: the team's list decides; listed hashes never leave the machine
 * - `known-set`: a set marked known-good or known-bad answers
 * - `fresh`: this source's own answer, under this digest, is younger than the stale age
 * - `link`: the same, found through another digest of the file
 * - `queued`: already waiting or on its way for this source
 * - `conclusive`: another source said malicious and that was enough for this scan
 */
export const AVOIDED_BY = ['hash-list', 'known-set', 'fresh', 'link', 'queued', 'conclusive'] as const;
export type AvoidedBy = (typeof AVOIDED_BY)[number];

/**
 * How a scan spends. `certain`: every enabled source is asked. `fastest`: all at once; what still waits is dropped as
 * soon as one source says malicious. `cheapest`: one source after another, the one whose calls tell most first, and no
 * further ones once a source says malicious.
 */
export const STRATEGIES = ['certain', 'fastest', 'cheapest'] as const;
export type Strategy = (typeof STRATEGIES)[number];
