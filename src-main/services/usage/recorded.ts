import type { MetricKind } from '../../db/change-kinds.ts';
import type { Filed } from './parts.ts';

/** What was recorded of one kind, source and detail in one interval. */
export interface FigureRow extends Filed {
  readonly kind: MetricKind;
  /** Where the interval begins, seconds since the epoch. */
  readonly bucket: number;
  /** How many events, and their amounts added up. */
  readonly n: number;
  readonly sum: number;
  readonly most: number;
  /** The amount of the latest event. */
  readonly last: number;
}

/** The last value of a gauge before a range. */
export interface CarriedFigure extends Filed {
  readonly kind: MetricKind;
  readonly value: number;
}

/** A stretch in which gauges were looked at each minute; seconds since the epoch, both ends in it. */
export interface Stretch {
  readonly start: number;
  readonly until: number;
}
