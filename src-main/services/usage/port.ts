import type { CallOutput, CallParsed } from '#shared/contract/index.ts';
import type { PanelId, Split } from '#shared/domain/usage/panels.ts';
import type { PanelData } from '#shared/contract/usage.ts';
import type { readSoFar, SoFar } from './so-far.ts';

/** One panel over a time. Seconds since the epoch. */
export interface PanelQuery {
  readonly panel: PanelId;
  readonly from: number;
  readonly to: number;
  /** About the most intervals wanted. */
  readonly points: number;
  /** The length of an interval, one of the usual ones; absent: the shortest that keeps to `points`. */
  readonly stepSeconds?: number | undefined;
  /** The panel's first way when it is left out; INVALID_ARGUMENT for one the panel has not. */
  readonly split?: Split | undefined;
  readonly compare: boolean;
}

/** What Assay did, from what was recorded on this machine. Sends nothing. */
export interface UsageService {
  /** One panel over a time. What other processes recorded up to now is in it. */
  panel(query: PanelQuery): Promise<PanelData>;
  /** For each source and window with a limit: whether and when it is used up at the present pace. */
  forecast(): Promise<CallOutput<'usage.forecast'>>;
  /** What calls that were not needed would have cost. */
  saved(range: CallParsed<'usage.saved'>): Promise<CallOutput<'usage.saved'>>;
  /** Failed requests of a range by source and reason, most first. */
  failures(range: CallParsed<'usage.failures'>): Promise<CallOutput<'usage.failures'>>;
  /** Counts since recording began and gauges as they were last looked at. */
  soFar(kinds: Parameters<typeof readSoFar>[1]): Promise<SoFar>;
  /** The last 24 hours in a few figures. */
  strip(): Promise<CallOutput<'usage.strip'>>;
}
