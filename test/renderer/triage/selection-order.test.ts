import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { AssayBridge } from '#shared/contract/index.ts';
import { selectionOf } from '#renderer/features/triage/actions.ts';
import { EVERYTHING } from '#renderer/features/triage/query.ts';
import { NOTHING_SELECTED, toggle } from '#renderer/grid/selection.ts';

/** An engine that holds ten rows, entry 100 + position, in one order. */
function bridgeOrderedAs(orderId: number): AssayBridge {
  const rows = Array.from({ length: 10 }, (_, position) => ({ entry: 100 + position }));
  return {
    call: () => Promise.resolve({ ok: true, value: { total: rows.length, judgedSeq: 1, orderId, rows } }),
    on: () => () => undefined,
    registerFiles: () => Promise.reject(new Error('not asked for')),
  };
}

describe('rows selected by hand', () => {
  beforeEach(() => vi.stubGlobal('assay', bridgeOrderedAs(7)));
  afterEach(() => vi.unstubAllGlobals());

  const named = (asOf: number) =>
    selectionOf({
      intakeId: 1,
      query: { ...EVERYTHING, asOf },
      selection: toggle(toggle(NOTHING_SELECTED, 2), 9),
      total: 10,
      current: null,
    });

  it('become the entries at their positions', async () => {
    expect(await named(7)).toEqual({ kind: 'entries', entries: [102, 109] });
  });

  it('are refused when their order is gone, because the positions are other rows now', async () => {
    await expect(named(6)).rejects.toThrow(/select the rows again/);
  });
});
