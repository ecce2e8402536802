import type { CallOutput, CallParsed } from '#shared/contract/index.ts';
import type { Disagreement } from '#shared/contract/review.ts';

/** Files about which sources disagree, and deciding them once. */
export interface ReviewService {
  page(page: { readonly offset: number; readonly limit: number }): Promise<CallOutput<'review.page'>>;
  /** The undecided disagreements about one hash, as they are now: `since` is this moment. INVALID_ARGUMENT when it is no hash, NOT_FOUND with why there is none. */
  find(hash: string): Promise<readonly Disagreement[]>;
  /** What the decision would change; writes nothing. NOT_FOUND when a file is gone. */
  preview(decision: CallParsed<'review.preview'>, signal: AbortSignal): Promise<CallOutput<'review.preview'>>;
  /** All of them or none. */
  decide(decision: CallParsed<'review.decide'>): Promise<CallOutput<'review.decide'>>;
  /**
   * Makes the list of disagreements true for the thresholds in force, when they changed since it last was. Goes on where it
   * was interrupted; what is done stays done when it is cancelled.
   */
  settle(signal: AbortSignal): Promise<void>;
}
