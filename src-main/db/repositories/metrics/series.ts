import { METRIC, type MetricKind } from '../../change-kinds.ts';
import type { ReadableDb } from '../../handles.ts';
import { prepared } from '../../prepared.ts';
import { metricOfCode } from './levels.ts';

/** One kind of one source with one detail. */
export interface MetricSeries {
  readonly series: number;
  readonly kind: MetricKind;
  /** Code of the source, 0 for none. */
  readonly source: number;
  /** Empty for none. */
  readonly detail: string;
}

interface StoredSeries {
  readonly id: number;
  readonly kind: number;
  readonly source: number;
  readonly detail: string;
}

/** The series that ever had an event of these kinds, by source and detail. Kinds of later versions are left out. */
export function seriesOfKinds(db: ReadableDb, kinds: readonly MetricKind[]): MetricSeries[] {
  const find = prepared<StoredSeries>(
    db,
    'SELECT id, kind, source, detail FROM metric_series WHERE kind = +? ORDER BY source, detail',
  );
  return [...new Set(kinds)].flatMap((kind) => find.all(METRIC[kind]).flatMap(toSeries));
}

function toSeries({ id, kind: code, source, detail }: StoredSeries): MetricSeries[] {
  const kind = metricOfCode(code);
  return kind === null ? [] : [{ series: id, kind, source, detail }];
}
