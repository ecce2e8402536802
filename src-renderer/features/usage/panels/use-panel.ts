import { useContext } from 'react';
import type { PanelData } from '#shared/contract/usage.ts';
import type { Panel, PanelId, Split } from '#shared/domain/usage/panels.ts';
import { useCall, type CallState } from '../../../bridge/use-call.ts';
import { BoardContext } from '../board/board-context.ts';
import { isLive } from '../board/ranges.ts';
import { useRefreshed } from '../board/refresh.ts';
import { useBoard } from '../board/store.ts';

/** How a panel is broken down at present: the person's way, or its usual one. */
export function useSplit(panel: Panel): Split {
  const kept = useBoard().splits[panel.id];
  return panel.splits.find((one) => one === kept) ?? panel.splits[0];
}

/**
 * The data of a panel over the time the board shows, asked for while `isNear`, and again whenever the board is refreshed
 * as long as the present is part of it. What was read last stays until the next answer is there.
 */
export function usePanel(panel: Panel & { readonly id: PanelId }, isNear: boolean): CallState<PanelData> {
  const { stretch, now, linePoints } = useContext(BoardContext);
  const { compare } = useBoard();
  const split = useSplit(panel);
  const { from, to, bars } = stretch;
  // Averages of short intervals are mostly of nothing: they are told in the intervals of bars. A gauge is known at any moment.
  const points = panel.measure === 'gauge' ? linePoints : bars;
  const state = useCall('usage.panel', isNear ? { panel: panel.id, from, to, points, split, compare } : null);
  useRefreshed(state.ask, isNear && isLive(stretch, now));
  return state;
}
