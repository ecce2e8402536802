import type { PanelData } from '#shared/contract/usage.ts';
import { panelOf, type PanelId, type Split } from '#shared/domain/usage/panels.ts';
import { AppError } from '#shared/errors/app-error.ts';
import type { Database } from '../../db/port.ts';
import { isGauge, type MetricKind } from '../../db/change-kinds.ts';
import { buildPanel, type PanelFacts } from './build-panel.ts';
import { FIGURES, recordedWith } from './figures.ts';
import { panelText } from './panel-text.ts';
import type { PanelQuery } from './port.ts';
import type { CarriedFigure, FigureRow, Stretch } from './recorded.ts';
import { gridBefore, gridOf, intervalOf, leastStep, type Grid, type Retention } from './steps.ts';

const MINUTE = 60;

export interface ReadParts {
  readonly database: Pick<Database, 'read'>;
  readonly retention: Retention;
  /** Seconds since the epoch. */
  readonly now: number;
}

/** One panel over a time from what was folded. The time it took is told by whoever asked. */
export async function readPanel(parts: ReadParts, query: PanelQuery): Promise<Omit<PanelData, 'elapsedMs'>> {
  const { retention, now } = parts;
  const { panel } = query;
  const split = splitOf(panel, query.split);
  const grid = gridOf(query, retention, now);
  const [since, began] = await Promise.all([
    sinceOf(parts, kindsOf(panel, grid)),
    beganOf(parts, FIGURES[panel].kind(grid.level)),
  ]);
  const values = buildPanel({ panel, split, grid, began, now, ...(await recorded(parts, panel, grid)) });
  const before = query.compare ? await readBefore(parts, { panel, split, grid, began, now }) : null;
  const { from, to, stepSeconds, starts } = grid;
  const data = { panel, split, from, to, stepSeconds, starts: [...starts], ...values, before, recordedSince: since };
  return { ...data, text: panelText({ data, asked: query.to - query.from, now }) };
}

/** What was recorded of a panel over a grid. */
export type Recorded = Pick<PanelFacts, 'rows' | 'before' | 'presence'>;

/** Reads what was folded of a panel over a grid; nothing of what happened outside of it. */
export async function recorded({ database }: ReadParts, panel: PanelId, grid: Grid): Promise<Recorded> {
  const { from, to, stepSeconds, level } = grid;
  const { counts, kind } = FIGURES[panel];
  const own = kind(level);
  const [sums, before, presence] = await Promise.all([
    database.read('metricSums', { kinds: kindsOf(panel, grid), from, to, stepSeconds, level }),
    isGauge(own) ? database.read('metricBefore', { kinds: [own], before: from }) : noFigures,
    isGauge(own) ? database.read('metricPresence', { from, to }) : noStretches,
  ]);
  return { rows: sums.filter((row) => row.kind !== own || counts(row)), before, presence };
}

const noFigures: readonly CarriedFigure[] = [];
const noStretches: readonly Stretch[] = [];

/**
 * As long a time before. Its values are those of whole intervals, not known where only the end of one was recorded; its
 * total stops as far into it as the present is in the range, so that like is compared with like.
 */
async function readBefore(
  parts: ReadParts,
  facts: Pick<PanelFacts, 'panel' | 'split' | 'grid' | 'began' | 'now'>,
): Promise<NonNullable<PanelData['before']>> {
  const { panel, now, began } = facts;
  const grid = gridBefore(facts.grid);
  const whole = await recorded(parts, panel, grid);
  const { totals, total } = buildPanel({ ...facts, grid, ...whole });
  const isCount = panelOf(panel).measure === 'sum';
  const values = totals.map((value, place) => (isCount && (grid.starts[place] ?? 0) < (began ?? 0) ? null : value));
  const until = now - (facts.grid.to - facts.grid.from);
  if (until >= grid.to) {
    return { values, total };
  }
  const cut = await cutAt(parts, panel, { grid, whole, until });
  return { values, total: buildPanel({ ...facts, ...cut, grid, now: until }).total };
}

/** What was recorded up to a moment inside the grid, as finely as is still kept: by the minute, the hour, or not cut. */
async function cutAt(
  parts: ReadParts,
  panel: PanelId,
  { grid, whole, until }: { readonly grid: Grid; readonly whole: Recorded; readonly until: number },
): Promise<Recorded> {
  const start = intervalOf(until, grid.stepSeconds);
  const ended = whole.rows.filter((row) => row.bucket < start);
  const presence = whole.presence.filter((stretch) => stretch.start <= until);
  const step = leastStep(start, parts.retention, parts.now);
  const to = intervalOf(until, step) + step;
  if (step >= grid.stepSeconds || to <= start) {
    return { ...whole, rows: whole.rows.filter((row) => row.bucket <= start), presence };
  }
  const level = step === MINUTE ? 0 : 1;
  const fine = await recorded(parts, panel, { from: start, to, stepSeconds: step, level, starts: [] });
  const kind = FIGURES[panel].kind(grid.level);
  return {
    before: whole.before,
    presence,
    rows: [...ended, ...joined(fine.rows, start, FIGURES[panel].kind(level), kind, whole.rows)],
  };
}

/** Rows of short intervals as rows of the one interval they lie in, by series. */
function joined(
  rows: readonly FigureRow[],
  bucket: number,
  fineKind: MetricKind,
  kind: MetricKind,
  whole: readonly FigureRow[],
): FigureRow[] {
  const bySeries = new Map<string, FigureRow>();
  for (const row of rows) {
    const key = `${row.kind} ${row.source} ${row.detail}`;
    const before = bySeries.get(key);
    bySeries.set(key, {
      ...row,
      kind: row.kind === fineKind ? kind : row.kind,
      bucket,
      n: (before?.n ?? 0) + row.n,
      sum: (before?.sum ?? 0) + row.sum,
      most: Math.max(before?.most ?? row.most, row.most),
    });
  }
  return [...bySeries.values()].map((row) => {
    // Different hashes of minutes add up to more than those of their day: never more than the whole interval had.
    const all = whole.find(
      (one) => one.bucket === bucket && one.kind === row.kind && one.source === row.source && one.detail === row.detail,
    );
    return fineKind === kind || all === undefined ? row : { ...row, sum: Math.min(row.sum, all.sum) };
  });
}

function kindsOf(panel: PanelId, { level }: Pick<Grid, 'level'>): MetricKind[] {
  const { kind, reading } = FIGURES[panel];
  return reading.by === 'share' ? [kind(level), reading.of] : [kind(level)];
}

async function sinceOf({ database }: ReadParts, kinds: readonly MetricKind[]): Promise<number | null> {
  return (await database.read('metricSince', { kinds })).first;
}

/** Since when nothing recorded of a kind means that nothing happened: not where days of it were let go. */
async function beganOf(parts: ReadParts, kind: MetricKind): Promise<number | null> {
  const since = await sinceOf(parts, recordedWith(kind));
  return since === null ? null : Math.max(since, parts.retention.letGo?.days ?? 0);
}

function splitOf(panel: PanelId, wanted: Split | undefined): Split {
  const { splits, title } = panelOf(panel);
  const split = wanted ?? splits[0];
  if (!splits.includes(split)) {
    throw new AppError('INVALID_ARGUMENT', `${title} is broken down by ${splits.join(' or ')}, not by ${split}.`);
  }
  return split;
}
