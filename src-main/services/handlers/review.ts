import type { FeatureHandlers, HandlerParts } from './parts.ts';

/** Files about which sources disagree. */
export function reviewHandlers({ review }: HandlerParts): FeatureHandlers<'review'> {
  let preview: AbortController | null = null;
  return {
    'review.page': (page) => review.page(page),
    'review.preview': (decision) => {
      // What is shown is the last selection: the work for the one before it is for nothing.
      preview?.abort();
      preview = new AbortController();
      return review.preview(decision, preview.signal);
    },
    'review.decide': (decision) => review.decide(decision),
  };
}
