import { useState } from 'react';
import type { GridQuery } from '#shared/contract/intake.ts';
import { useCall } from '../../../bridge/use-call.ts';

/** Rows as they were chosen and ordered when the query was made. */
export interface KeptOrder {
  /** Names query and order together; another one means other rows at the same positions. */
  readonly key: string;
  /** The query with its order held fast. */
  readonly query: GridQuery;
  readonly total: number;
  /** The state of the verdicts the order was made in. */
  readonly judgedSeq: number;
}

export interface OrderedRows {
  /** Null until the first answer. The order before stays while a new query is on its way. */
  readonly kept: KeptOrder | null;
  readonly loading: boolean;
  readonly error: string | null;
  /** Asks again after a fault. */
  readonly retry: () => void;
  /** Chooses and orders the rows by the verdicts as they are now. */
  readonly orderAgain: () => void;
}

/**
 * Holds the choice and the order of rows until the query changes: a verdict that moves shows in its place, and no other
 * row slips under the reader's hands. Null input asks nothing.
 */
export function useKeptOrder(intakeId: number, query: GridQuery | null): OrderedRows {
  const [kept, setKept] = useState<(KeptOrder & { readonly asked: string }) | null>(null);
  const asked = JSON.stringify(query);
  const held = kept !== null && kept.asked === asked ? kept.query : query;
  const { value, loading, error, again } = useCall(
    'intake.rows',
    held === null ? null : { intakeId, query: held, offset: 0, limit: 1 },
    ['verdicts', 'intakes'],
  );
  if (query !== null && held !== null && value !== null && !loading && value.orderId !== held.asOf) {
    const { orderId, total, judgedSeq } = value;
    setKept({ asked, key: `${asked}@${orderId}`, query: { ...query, asOf: orderId }, total, judgedSeq });
  }
  return { kept: query === null ? null : kept, loading, error, retry: again, orderAgain: () => setKept(null) };
}
