import type { SourceId } from './source.ts';
import type { Status } from './status.ts';

/**
 * Which rule decided a verdict. Order is the stored code (index). Never renumber; append only.
 *
 * - `hash-list`: an entry of the team's list decides over everything else
 * - `source`: the worst reputation item that meets its source's threshold
 * - `known-bad`, `known-good`: an offline set with that mark
 * - `pending`: a source is still working on it
 * - `known-set`: only a set without a judgement knows it; the status stays unknown
 * - `source-does-not-know`: asked, and no source knows it
 * - `could-not-ask`: asking failed; the reason is with the item
 * - `never-asked`: nothing on this machine says anything
 */
export const RULES = [
  'never-asked',
  'could-not-ask',
  'source-does-not-know',
  'known-set',
  'pending',
  'known-good',
  'known-bad',
  'source',
  'hash-list',
] as const;
export type Rule = (typeof RULES)[number];

/** Bits stored beside a verdict. Never renumber; append only. */
export const FLAG = {
  /** One answer is suspicious or worse and another says non-malicious. */
  conflict: 1,
  /** The deciding item is older than its source's rescan interval. */
  stale: 2,
  /** The digest belongs to several files; the worst of them shows. */
  ambiguous: 4,
  /** Matched by MD5 or SHA-1 alone. */
  weak: 8,
  /** Raised by a digest that only the dropped list ties to this row. */
  asserted: 16,
  /** A hash-list entry for it exists on each side. */
  listedBothSides: 32,
} as const;
export type Flag = keyof typeof FLAG;

/** A verdict in words: the status, the rule that decided, and what a reader must know beside it. */
export interface Verdict {
  readonly status: Status;
  readonly rule: Rule;
  /** The source whose item decided, when rule is `source`, `pending`, `source-does-not-know` or `could-not-ask`. */
  readonly source: SourceId | null;
  /** How many further answers share the deciding status. */
  readonly agreeing: number;
  /** When the deciding answer was made, seconds since the epoch; null when nothing answered. */
  readonly answeredAt: number | null;
  readonly flags: readonly Flag[];
}
