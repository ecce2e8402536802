import type { CallOutput, CallParsed } from '#shared/contract/index.ts';

/** Files about which sources disagree, and deciding them once. */
export interface ReviewService {
  page(page: { readonly offset: number; readonly limit: number }): Promise<CallOutput<'review.page'>>;
  /** What the decision would change; writes nothing. NOT_FOUND when a file is gone. */
  preview(decision: CallParsed<'review.preview'>, signal: AbortSignal): Promise<CallOutput<'review.preview'>>;
  /** All of them or none. */
  decide(decision: CallParsed<'review.decide'>): Promise<CallOutput<'review.decide'>>;
}
