/** Kinds of ThreatConnect indicators that Threat Response takes, by ThreatConnect's own names. */
export const INDICATOR_TYPES = ['Address', 'File', 'Host'] as const;
export type IndicatorType = (typeof INDICATOR_TYPES)[number];

/** What of an indicator a package searches for. Digests are lower-case hex, addresses and hosts normalised. */
export const TERM_KINDS = ['md5', 'sha1', 'sha256', 'ipv4', 'ipv6', 'host'] as const;
export type TermKind = (typeof TERM_KINDS)[number];

export interface Term {
  readonly kind: TermKind;
  readonly value: string;
}

/** What a run does, or would do, with an indicator. */
export const SYNC_ACTIONS = ['new', 'changed', 'withdrawn', 'unchanged', 'held', 'invalid'] as const;
export type SyncAction = (typeof SYNC_ACTIONS)[number];

/**
 * Why an indicator is not in a package although it matches.
 * - `own`: a private, loopback, reserved or own address or domain: never pushed, cannot be released
 * - `hash-list`, `known-good`, `non-malicious`: known harmless here: held back until released
 * - `recalled`: called back by a person: held back until released
 */
export const HOLD_REASONS = ['own', 'hash-list', 'known-good', 'non-malicious', 'recalled'] as const;
export type HoldReason = (typeof HOLD_REASONS)[number];

/**
 * Why an indicator is withdrawn: it was deleted or made inactive in ThreatConnect, no longer matches the criteria, is held
 * back now, or was called back.
 */
export const WITHDRAWAL_REASONS = ['deleted', 'inactive', 'no-match', 'held', 'recalled', 'invalid'] as const;
export type WithdrawalReason = (typeof WITHDRAWAL_REASONS)[number];

export const RUN_KINDS = ['run', 'reconcile', 'dry-run', 'recall', 'recall-dry-run'] as const;
/**
 * `run`: what changed since the last one; `reconcile`: everything that matches now against what was sent; `dry-run`: a
 * reconcile that writes nothing; `recall`: takes out what was sent; `recall-dry-run` says what that would take out.
 */
export type RunKind = (typeof RUN_KINDS)[number];

export const RUN_STATES = [
  'requested',
  'running',
  'done',
  'failed',
  'cancelled',
  'interrupted',
  'needs-approval',
] as const;
/**
 * `interrupted`: its process ended; the next run goes on from there. `needs-approval`: it would withdraw more than the
 * guard allows and wrote nothing.
 */
export type RunState = (typeof RUN_STATES)[number];

export const SYNC_LOG_LEVELS = ['error', 'warning', 'info', 'debug', 'trace'] as const;
export type SyncLogLevel = (typeof SYNC_LOG_LEVELS)[number];
