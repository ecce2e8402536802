import type { ReactNode } from 'react';
import { Notice } from '../../components/notice.tsx';
import { dismissStartNotice, useApp } from '../store.ts';

/** What happened to the data directory when it was opened. It stays until it was read. */
export function StartNotice(): ReactNode {
  const text = useApp((state) => state.startNotice);
  return text === null ? null : (
    <Notice
      actions={
        <button type="button" className="button compact" onClick={dismissStartNotice}>
          Understood
        </button>
      }
    >
      {text}
    </Notice>
  );
}
