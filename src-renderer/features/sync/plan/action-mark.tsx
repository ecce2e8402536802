import type { ReactNode } from 'react';
import type { SyncAction } from '#shared/domain/indicator.ts';
import { ACTION_WORDS } from '../words.ts';

/** What a run does with an indicator: a mark and its word. */
export function ActionMark({ action }: { readonly action: SyncAction }): ReactNode {
  const { mark, word } = ACTION_WORDS[action];
  return (
    <span className={action === 'unchanged' ? 'syncaction t3' : 'syncaction'}>
      <span className="mono" aria-hidden="true">
        {mark}
      </span>
      {word}
    </span>
  );
}
