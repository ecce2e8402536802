import type { FeatureHandlers, HandlerParts } from './parts.ts';

/** What sources said over time, and what they said otherwise since a moment. */
export function historyHandlers({ history }: HandlerParts): FeatureHandlers<'history' | 'changes'> {
  return {
    'history.ofHash': ({ hash, limit }) => history.ofHash(hash, limit),
    'changes.page': ({ query, offset, limit }) => history.page(query, { offset, limit }),
    'changes.unseen': async () => {
      const { seenUpTo: _seenUpTo, ...unseen } = await history.unseen();
      return unseen;
    },
    'changes.seen': async ({ upTo }) => {
      await history.seen(upTo);
      return {};
    },
  };
}
