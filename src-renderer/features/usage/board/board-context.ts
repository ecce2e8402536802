import { createContext } from 'react';
import type { Stretch } from './ranges.ts';

/** What all panels of the board have in common: the time they show, and how finely. */
export interface BoardTime {
  readonly stretch: Stretch;
  /** The second the figures were last asked for. */
  readonly now: number;
  /** How many points lines are asked with. */
  readonly linePoints: number;
}

export const BoardContext = createContext<BoardTime>({ stretch: { from: 0, to: 60, bars: 1 }, now: 0, linePoints: 1 });
