import type { ItemChange, ItemState } from '#shared/contract/history.ts';
import type { VerdictPolicy } from '#shared/domain/evidence.ts';
import { sourceOfCode, type SourceId } from '#shared/domain/source.ts';
import { statusOfCode } from '#shared/domain/status.ts';
import { effectiveStatus } from '#shared/domain/verdict.ts';
import { noAnswerOfCode } from '../../db/codes.ts';
import type { HistoryRow, HistoryState } from '../../db/repositories/life/history.ts';

/** A row of history as it is shown; null of a source this version does not know. */
export function changeOf(row: HistoryRow, policy: VerdictPolicy): ItemChange | null {
  const source = sourceOfCode(row.source);
  if (source === null) {
    return null;
  }
  return {
    id: row.id,
    source,
    at: row.at,
    from: Math.min(row.fromAt, row.at),
    before: stateOf(source, row.before, policy),
    after: stateOf(source, row.after, policy),
    flip: row.flip === 0 ? null : row.flip === 1 ? 'raised' : 'cleared',
  };
}

/** What a source said, with the status it counts with by the thresholds in force. */
export function stateOf(source: SourceId, state: HistoryState, policy: VerdictPolicy): ItemState {
  const { score, threat } = state;
  const item = { source, status: statusOfCode(state.status), noAnswer: noAnswerOfCode(state.noAnswer), score };
  return { status: effectiveStatus({ ...item, scannedAt: null }, policy), noAnswer: item.noAnswer, score, threat };
}
