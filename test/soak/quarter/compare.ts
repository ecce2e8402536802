import type { PanelData } from '#shared/contract/usage.ts';
import type { PanelId, Split } from '#shared/domain/usage/panels.ts';
import { SIMULATED_SOURCES } from '#main/simulators/start.ts';
import { hourOf } from './books.ts';
import { expectedOf, type Expected } from './expected.ts';
import type { PanelAsked } from './messages.ts';
import { QUARTER_START } from './plan.ts';
import type { QuarterWorld } from './quarter.ts';

const MINUTE = 60;
const HOUR = 3600;
const DAY = 86_400;

/** What was compared so far, and what does not agree, as sentences. */
export interface Comparison {
  compared: number;
  readonly wrong: Set<string>;
  lost: number;
  unarrived: number;
}

type Values = ReadonlyMap<number, number>;

const BY_SOURCE: readonly (readonly [
  PanelId,
  keyof Pick<Expected, 'requests' | 'items' | 'successful' | 'failed' | 'billed'>,
])[] = [
  ['outbound-requests', 'requests'],
  ['outbound-items', 'items'],
  ['outbound-successful', 'successful'],
  ['outbound-failed', 'failed'],
  ['quota-used', 'billed'],
];

export function createComparison(): Comparison {
  return { compared: 0, wrong: new Set(), lost: 0, unarrived: 0 };
}

/** Compares every hour of the quarter up to now with the logs and the books, and every minute of the last day. */
export async function compareBoard(world: QuarterWorld, result: Comparison): Promise<void> {
  const to = hourOf(world.now() / 1000);
  const from = QUARTER_START / 1000;
  if (to <= from) {
    return;
  }
  await compareSources(world, result, from, to, HOUR);
  await compareSources(world, result, Math.max(from, to - DAY), to, MINUTE);
  await compareBooks(world, result, from, to);
}

async function compareSources(
  world: QuarterWorld,
  result: Comparison,
  from: number,
  to: number,
  stepSeconds: number,
): Promise<void> {
  const panels = await world.board(BY_SOURCE.map(([panel]) => asked(panel, 'source', from, to, stepSeconds)));
  const expected = SIMULATED_SOURCES.map((source) => [source, expectedOf(world, source, stepSeconds)] as const);
  for (const [index, [panel, figure]] of BY_SOURCE.entries()) {
    for (const [source, { [figure]: values }] of expected) {
      compareSeries(result, `${panel} of ${source} by ${stepSeconds} s`, panels[index], source, values);
    }
  }
  if (stepSeconds === HOUR) {
    result.lost = expected.reduce((sum, [, { lost }]) => sum + lost, 0);
    result.unarrived = expected.reduce((sum, [, { unarrived }]) => sum + unarrived, 0);
  }
}

async function compareBooks(world: QuarterWorld, result: Comparison, from: number, to: number): Promise<void> {
  const { books } = world;
  const [inbound, purged, verdicts, size] = await world.board([
    asked('inbound-items', 'door', from, to, HOUR),
    asked('purged-items', 'reason', from, to, HOUR),
    asked('verdicts', 'status', from, to, HOUR),
    asked('database-size', 'none', from, to, HOUR),
  ]);
  for (const [door, values] of books.inbound) {
    compareSeries(result, `inbound-items by ${door}`, inbound, door, values);
  }
  compareTotals(result, 'purged-items', purged, books.purged);
  compareTotals(result, 'verdicts', verdicts, books.judged);
  comparePresence(world, result, size);
}

function compareSeries(
  result: Comparison,
  name: string,
  data: PanelData | undefined,
  key: string,
  expected: Values,
): void {
  const values = data?.series.find((one) => one.key === key)?.values;
  compareValues(result, name, data, values ?? data?.totals.map(() => 0) ?? [], expected);
}

function compareTotals(result: Comparison, name: string, data: PanelData | undefined, expected: Values): void {
  compareValues(result, name, data, data?.totals ?? [], expected);
}

function compareValues(
  result: Comparison,
  name: string,
  data: PanelData | undefined,
  values: readonly (number | null)[],
  expected: Values,
): void {
  if (data === undefined) {
    result.wrong.add(`${name}: nothing was read`);
    return;
  }
  for (const [place, start] of data.starts.entries()) {
    const shown = values[place] ?? 0;
    const told = expected.get(start) ?? 0;
    result.compared += 1;
    if (shown !== told) {
      result.wrong.add(`${name} at ${when(start)}: the board has ${shown}, expected ${told}`);
    }
  }
}

/** The database's size is known in hours in which an owner was there, and in no other. */
function comparePresence({ books }: QuarterWorld, result: Comparison, data: PanelData | undefined): void {
  for (const [place, start] of (data?.starts ?? []).entries()) {
    const isKnown = (data?.totals[place] ?? null) !== null;
    result.compared += 1;
    if (isKnown !== books.watchedHours.has(start) && !(isKnown && books.maybeHours.has(start))) {
      result.wrong.add(`database-size at ${when(start)} is ${isKnown ? 'known, though nobody looked' : 'not known'}`);
    }
  }
}

export function asked(panel: PanelId, split: Split, from: number, to: number, stepSeconds: number): PanelAsked {
  return { panel, split, from, to, stepSeconds };
}

export function when(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(0, 16);
}
