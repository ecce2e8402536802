import { useEffect, useMemo, useReducer, useRef, useState } from 'react';
import { sentenceOf } from '../bridge/client.ts';
import { PageCache } from './page-cache.ts';

export interface RowSource<Row> {
  readonly rowAt: (position: number) => Row | null;
  readonly error: string | null;
  readonly retry: () => void;
}

/**
 * Rows by position for what is seen. Another `fetch` is another query and forgets the rows. `version` names the state
 * of the data: another version asks again and shows the old rows until the new ones are there.
 */
export function useRows<Row>(parts: {
  readonly version: number;
  readonly total: number;
  readonly first: number;
  readonly count: number;
  readonly fetch: (offset: number, limit: number) => Promise<readonly Row[]>;
}): RowSource<Row> {
  const [, redraw] = useReducer((turn: number) => turn + 1, 0);
  const [error, setError] = useState<string | null>(null);
  const { fetch, version, total, first, count } = parts;
  const rows = useMemo(
    () =>
      new PageCache<Row>(
        fetch,
        () => {
          setError(null);
          redraw();
        },
        (fault) => setError(sentenceOf(fault)),
      ),
    [fetch],
  );
  const seen = useRef({ version, rows });
  useEffect(() => {
    const isOlder = seen.current.version !== version && seen.current.rows === rows;
    seen.current = { version, rows };
    if (isOlder) {
      rows.refresh(first, count);
    } else {
      rows.want(first, count, total);
    }
  }, [rows, version, total, first, count]);
  return {
    rowAt: (position) => rows.row(position),
    error,
    retry: () => {
      setError(null);
      rows.refresh(first, count);
    },
  };
}
