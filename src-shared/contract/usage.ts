import { z } from 'zod';
import { BOARD_TABLE_IDS, PANEL_IDS } from '../domain/usage/panels.ts';
import { QUOTA_WINDOWS } from '../domain/outcome.ts';
import { countSchema, nothing, sourceSchema, timeSchema } from './common.ts';
import { call } from './define.ts';

const SPLITS = ['source', 'status', 'door', 'reason', 'side', 'direction', 'age', 'state', 'none'] as const;

/** A stretch of time, seconds since the epoch: from (inclusive) to (exclusive). */
const range = { from: timeSchema, to: timeSchema };

export const panelRequestSchema = z.strictObject({
  panel: z.enum(PANEL_IDS),
  ...range,
  /** Most intervals wanted: about one for each pixel or bar. */
  points: z.int().min(1).max(4000).default(120),
  /** How to break it down; the panel's first way when it is left out. */
  split: z.enum(SPLITS).optional(),
  /** Also the total of as long a time before. */
  compare: z.boolean().default(false),
});

export const panelSeriesSchema = z.strictObject({
  /** What it is a part of: a source, a status, a reason … */
  key: z.string(),
  label: z.string(),
  /** One for each interval; null where it is not known. */
  values: z.array(z.number().nullable()),
  /** Sum over the range, last value of a gauge, mean or share of all; null when nothing is known. */
  total: z.number().nullable(),
});

export const panelDataSchema = z.strictObject({
  panel: z.enum(PANEL_IDS),
  split: z.enum(SPLITS),
  /** As asked for, widened to whole intervals: the first week of all times begins before them. */
  from: z.int(),
  to: timeSchema,
  /** Length of an interval; intervals begin at multiples of it, UTC. */
  stepSeconds: z.int().positive(),
  /** Where each interval begins. */
  starts: z.array(z.int()),
  /** Largest part first, except where parts have an order of their own. Parts without any value are left out. */
  series: z.array(panelSeriesSchema),
  /** Of all parts together, by interval; null where not known. */
  totals: z.array(z.number().nullable()),
  total: z.number().nullable(),
  /** The most in one interval; null when nothing is known. */
  peak: z.number().nullable(),
  /** As long a time before: of all parts together. Null when it was not asked for. */
  before: z.strictObject({ values: z.array(z.number().nullable()), total: z.number().nullable() }).nullable(),
  /** When the first event of this panel that is still kept happened; null when there is none. */
  recordedSince: timeSchema.nullable(),
  /** The panel in one sentence, for people who do not see it. */
  text: z.string(),
  elapsedMs: z.number().nonnegative(),
});

export const forecastSchema = z.strictObject({
  source: sourceSchema,
  window: z.enum(QUOTA_WINDOWS).exclude(['minute']),
  /** Calls spent or reserved in the window that runs. */
  spent: countSchema,
  limit: countSchema,
  /** When the window began and ends, seconds since the epoch. */
  startsAt: timeSchema,
  endsAt: timeSchema,
  /** Calls a day at the pace it is told from. */
  perDay: z.number().nonnegative(),
  /** When the quota is used up at this pace; null when the window ends first. */
  usedUpAt: timeSchema.nullable(),
  /** Calls spent when the window ends, at this pace and without the limit. */
  expected: z.number().nonnegative(),
  /**
   * What the pace is told from: what waits in the queue, the same hours of past weeks, or what was spent in this window;
   * `none` where there is nothing to tell it from, or the source is held and spends nothing.
   */
  basis: z.enum(['queue', 'past', 'window', 'none']),
  /** "VirusTotal's day ends at 14:10 UTC at this pace." */
  sentence: z.string(),
});

export const savedSchema = z.strictObject({
  source: sourceSchema,
  /** Pairs that needed no call in the range. */
  pairs: countSchema,
  /** What they would have cost as the source counts: pairs, or requests of as many hashes as one takes. */
  calls: countSchema,
  /** Days of the source's daily quota (a thirtieth of the month where it has only that); null without one. */
  days: z.number().nonnegative().nullable(),
  /** Price by the setting; null where none is set. */
  price: z.number().nonnegative().nullable(),
});

export const stripSchema = z.strictObject({
  /** Of the last 24 hours. */
  from: timeSchema,
  to: timeSchema,
  items: z.array(
    z.strictObject({
      panel: z.enum(PANEL_IDS),
      total: z.number().nullable(),
      /** One for each hour. */
      values: z.array(z.number().nullable()),
      text: z.string(),
    }),
  ),
  /** The quota that ends first; null when none does. */
  soonest: forecastSchema.nullable(),
});

/** Failed requests of one source for one reason. */
export const failureSchema = z.strictObject({
  source: sourceSchema,
  /** The outcome, and in words. */
  reason: z.string(),
  label: z.string(),
  requests: countSchema,
});

const exportRange = {
  ...range,
  points: z.int().min(1).max(4000).default(120),
  compare: z.boolean().default(false),
  panels: z.array(z.enum(PANEL_IDS)).min(1).max(PANEL_IDS.length),
  /** How panels are broken down; the first way of each that is left out. */
  splits: z.partialRecord(z.enum(PANEL_IDS), z.enum(SPLITS)).default({}),
};

export const usageCalls = {
  'usage.panel': call(
    'One panel of the board over a time, from what was recorded on this machine.',
    panelRequestSchema,
    panelDataSchema,
  ),
  'usage.forecast': call(
    'For each source and window with a limit: whether and when it is used up at the present pace.',
    nothing,
    z.strictObject({ at: timeSchema, rows: z.array(forecastSchema) }),
  ),
  'usage.saved': call(
    'What calls that were not needed would have cost, by source.',
    z.strictObject(range),
    z.strictObject({ currency: z.string(), rows: z.array(savedSchema) }),
  ),
  'usage.failures': call(
    'Failed requests of a range by source and reason, most first.',
    z.strictObject(range),
    z.strictObject({ rows: z.array(failureSchema) }),
  ),
  'usage.strip': call('The last 24 hours in a few figures, for the home of Triage.', nothing, stripSchema),
  'usage.export': call(
    'Writes panels as CSV (one row for each interval and part), or the board as one HTML file that prints and loads nothing. The place is chosen by the person; path is null when they did not.',
    z.strictObject({
      format: z.enum(['csv', 'html', 'json']),
      ...exportRange,
      /** Tables that stand after the panels, in HTML only. */
      tables: z.array(z.enum(BOARD_TABLE_IDS)).max(BOARD_TABLE_IDS.length).default([]),
    }),
    z.strictObject({ path: z.string().nullable(), rows: countSchema }),
  ),
  'usage.exportTable': call(
    'Writes what the board tells as a table as CSV. The place is chosen by the person; path is null when they did not.',
    z.strictObject({ table: z.enum(BOARD_TABLE_IDS), ...range }),
    z.strictObject({ path: z.string().nullable(), rows: countSchema }),
  ),
  'usage.savePicture': call(
    'Saves the picture of one panel, a PNG as base64.',
    z.strictObject({ panel: z.enum(PANEL_IDS), png: z.string().max(8_000_000) }),
    z.strictObject({ path: z.string().nullable() }),
  ),
} as const;

export type PanelRequest = z.input<typeof panelRequestSchema>;
export type PanelData = z.infer<typeof panelDataSchema>;
export type PanelSeries = z.infer<typeof panelSeriesSchema>;
export type ForecastRow = z.infer<typeof forecastSchema>;
export type FailureRow = z.infer<typeof failureSchema>;
export type SavedRow = z.infer<typeof savedSchema>;
export type UsageStrip = z.infer<typeof stripSchema>;
