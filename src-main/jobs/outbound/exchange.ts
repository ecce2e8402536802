import type { Claim, SettleArgs } from '../../db/repositories/queue-types.ts';
import type { RequestResult } from '../../providers/port.ts';
import { withoutKey } from '../../providers/without-key.ts';
import type { ReadySource } from '../../services/sources/port.ts';
import { pause } from './pause.ts';
import type { LoopParts } from './port.ts';
import type { AskedRow } from './outcomes/row-outcome.ts';

type ClaimedRequest = Extract<Claim, { readonly kind: 'request' }>;

/** Between two tries to put down what was heard. */
const SETTLE_AGAIN_MS = 1_000;

/**
 * Asks about the rows; a single one by the call that tells everything, where the source has one. What the source repeats
 * of its key is left out. A defect of an adapter is an answer that cannot be read: it must not hold the rows for ever.
 */
export async function askAbout(
  source: ReadySource,
  rows: readonly AskedRow[],
  { digestKind: kind, single }: Pick<ClaimedRequest, 'digestKind' | 'single'>,
  onFault: LoopParts['onFault'],
  signal: AbortSignal,
): Promise<RequestResult> {
  const hashes = rows.map((row) => row.hash);
  try {
    const { provider, context } = source;
    const [hash] = hashes;
    const result =
      single && hash !== undefined && provider.askOne !== undefined
        ? await provider.askOne(hash, kind, context, signal)
        : await provider.ask(hashes, kind, context, signal);
    return withoutKey(result, provider, context);
  } catch (error) {
    onFault(error);
    const message = 'The answer could not be read because of a fault in Assay.';
    const fault = { outcome: 'protocol', at: 'answer', message, window: null, until: null, sent: true } as const;
    return { ok: false, httpStatus: null, elapsedMs: 0, learned: [], fault };
  }
}

/**
 * Puts down what was heard, again and again while the database cannot be written: it was paid for, and its rows wait for
 * it. Only the end of the process gives up; the next owner then asks again.
 */
export async function settleSurely(
  { ledger, timer, onFault }: Pick<LoopParts, 'ledger' | 'timer' | 'onFault'>,
  settlement: SettleArgs,
  signal: AbortSignal,
): Promise<void> {
  for (;;) {
    try {
      await ledger.settle(settlement);
      return;
    } catch (error) {
      onFault(error);
      if (signal.aborted) {
        return;
      }
      await pause(timer, SETTLE_AGAIN_MS, signal);
    }
  }
}
