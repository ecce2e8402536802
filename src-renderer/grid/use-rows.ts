import { useEffect, useReducer, useRef, useState } from 'react';
import { sentenceOf } from '../bridge/client.ts';
import { PageCache } from './page-cache.ts';

export interface RowSource<Row> {
  readonly rowAt: (position: number) => Row | null;
  readonly error: string | null;
  readonly retry: () => void;
}

/**
 * Rows by position for what is seen. `key` names the query: another key forgets the rows. `version` names the state of
 * the data: another version asks again and shows the old rows until the new ones are there.
 */
export function useRows<Row>(parts: {
  readonly key: string;
  readonly version: number;
  readonly total: number;
  readonly first: number;
  readonly count: number;
  readonly fetch: (offset: number, limit: number) => Promise<readonly Row[]>;
}): RowSource<Row> {
  const [, redraw] = useReducer((turn: number) => turn + 1, 0);
  const [error, setError] = useState<string | null>(null);
  const fetch = useRef(parts.fetch);
  fetch.current = parts.fetch;
  const cache = useRef<PageCache<Row> | null>(null);
  cache.current ??= new PageCache<Row>(
    (offset, limit) => fetch.current(offset, limit),
    () => {
      setError(null);
      redraw();
    },
    (fault) => setError(sentenceOf(fault)),
  );
  const rows = cache.current;
  const { key, version, total, first, count } = parts;
  const seen = useRef({ key, version });
  if (seen.current.key !== key) {
    rows.clear();
    seen.current = { key, version };
  }
  useEffect(() => {
    if (seen.current.version !== version) {
      seen.current = { key, version };
      rows.refresh(first, count);
    } else {
      rows.want(first, count, total);
    }
  }, [rows, key, version, total, first, count]);
  return {
    rowAt: (position) => rows.row(position),
    error,
    retry: () => {
      setError(null);
      rows.refresh(first, count);
    },
  };
}
