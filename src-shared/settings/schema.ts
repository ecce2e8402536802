import { z } from 'zod';
import { REPORT_FORMATS } from '../domain/report.ts';
import {
  BOARD_RANGES,
  DATABASE_MIB,
  DEFAULT_PREFERENCES,
  DEFAULT_SETTINGS,
  KEEP_REPORTS,
  LIFE_DAYS,
  LOG_DAYS,
  LONGEST_ANALYST,
  LONGEST_CURRENCY,
  PRICE,
  SECRET_STORES,
  SHARE,
  STALE_DAYS,
  USAGE_DAYS,
  USAGE_HOUR_DAYS,
  USAGE_MINUTE_DAYS,
} from './plain.ts';

/** A name of a panel. Any text is let through: a name of another version is left out where it is read. */
const panelName = z.string().max(60);
const panelNames = z.array(panelName).max(100);

/** What the reputation board shows, and how. */
const boardSchema = z.strictObject({
  range: z.enum(BOARD_RANGES),
  /** Seconds since the epoch; count for the custom range only. */
  from: z.int().nonnegative(),
  to: z.int().nonnegative(),
  /** Beside as long a time before. */
  compare: z.boolean(),
  /** Tables in the place of charts. */
  tables: z.boolean(),
  /** Panels in the person's order; those not named keep their own place. */
  order: panelNames,
  hidden: panelNames,
  /** How panels are broken down, where not in their usual way. */
  splits: z.record(panelName, z.string().max(20)),
});

const threshold = z.strictObject({
  malicious: z.number().nonnegative().nullable(),
  suspicious: z.number().nonnegative().nullable(),
});

const price = z.number().min(PRICE.least).max(PRICE.most).nullable();

/**
 * Settings of a data directory. They live in its database and act at once in every process.
 * Each has a default and a unit in its name or description. No secret may be declared here.
 */
export const settingsSchema = z.strictObject({
  /** Days after which an answer is marked stale. It still counts. */
  staleAfterDays: z.int().min(STALE_DAYS.least).max(STALE_DAYS.most).default(DEFAULT_SETTINGS.staleAfterDays),
  /** VirusTotal engines that make an item malicious or suspicious; null leaves the status stored with the item. */
  virustotalThreshold: threshold.default(DEFAULT_SETTINGS.virustotalThreshold),
  /** Recorded Future risk score (0 to 99) that makes an item malicious or suspicious; null leaves the stored status. */
  recordedFutureThreshold: threshold.default(DEFAULT_SETTINGS.recordedFutureThreshold),
  /** Name written beside hash-list entries; empty means the account's own name. */
  analyst: z.string().max(LONGEST_ANALYST).default(DEFAULT_SETTINGS.analyst),
  /** Nothing leaves this machine while it is on, whichever process would send it. */
  offline: z.boolean().default(DEFAULT_SETTINGS.offline),
  /** Which compact answers of sources are kept beside the items. */
  keepReports: z.enum(KEEP_REPORTS).default(DEFAULT_SETTINGS.keepReports),
  /** Days the record of requests is kept. The ledger of the month never goes before its month ends. */
  requestLogDays: z.int().min(LOG_DAYS.least).max(LOG_DAYS.most).default(DEFAULT_SETTINGS.requestLogDays),
  /** Where keys are kept: the system's keychain, or a file locked with a passphrase. */
  keysKeptIn: z.enum(SECRET_STORES).default(DEFAULT_SETTINGS.keysKeptIn),
  /** Rescan Item Interval: days after which an answered item is asked for again; null for never. */
  rescanItemDays: z.int().min(LIFE_DAYS.least).max(LIFE_DAYS.most).nullable().default(DEFAULT_SETTINGS.rescanItemDays),
  /** The same for an item whose source does not know the file. */
  notKnownDays: z.int().min(LIFE_DAYS.least).max(LIFE_DAYS.most).nullable().default(DEFAULT_SETTINGS.notKnownDays),
  /** Per cent of each hour, day and month of a source up to which rescans may go on spending; the rest is for people. */
  rescanShare: z.int().min(SHARE.least).max(SHARE.most).default(DEFAULT_SETTINGS.rescanShare),
  /** Remove Item Interval: days since anyone last asked for an item, after which it is removed; null for never. */
  removeItemDays: z.int().min(LIFE_DAYS.least).max(LIFE_DAYS.most).nullable().default(DEFAULT_SETTINGS.removeItemDays),
  /** Maximum Database Size, MiB: used pages with the kept reports in them, and intakes. */
  maxDatabaseMiB: z.int().min(DATABASE_MIB.least).max(DATABASE_MIB.most).default(DEFAULT_SETTINGS.maxDatabaseMiB),
  /** Days the history of items is kept. */
  historyDays: z.int().min(LIFE_DAYS.least).max(LIFE_DAYS.most).default(DEFAULT_SETTINGS.historyDays),
  /** Days the reputation board is kept by the minute. */
  usageMinuteDays: z
    .int()
    .min(USAGE_MINUTE_DAYS.least)
    .max(USAGE_MINUTE_DAYS.most)
    .default(DEFAULT_SETTINGS.usageMinuteDays),
  /** The same by the hour. */
  usageHourDays: z.int().min(USAGE_HOUR_DAYS.least).max(USAGE_HOUR_DAYS.most).default(DEFAULT_SETTINGS.usageHourDays),
  /** The same by the UTC day. */
  usageDays: z.int().min(USAGE_DAYS.least).max(USAGE_DAYS.most).default(DEFAULT_SETTINGS.usageDays),
  /** The desktop tells when an item turns malicious or ceases to be. The window shows it in any case. */
  tellFlips: z.boolean().default(DEFAULT_SETTINGS.tellFlips),
  /** What a call of each source costs, as the source counts calls; null where nobody said. For what is saved alone. */
  callPrices: z
    .strictObject({
      wildfire: price,
      'recorded-future': price,
      'reversinglabs-a1000': price,
      'reversinglabs-titaniumcloud': price,
      virustotal: price,
    })
    .default(DEFAULT_SETTINGS.callPrices),
  /** What prices are in, as it is shown behind them. */
  currency: z.string().max(LONGEST_CURRENCY).default(DEFAULT_SETTINGS.currency),
});

/** What one window remembers. Kept in the window-preferences file, never in the database. */
export const preferencesSchema = z.strictObject({
  theme: z.enum(['system', 'light', 'dark']).default(DEFAULT_PREFERENCES.theme),
  density: z.enum(['regular', 'compact']).default(DEFAULT_PREFERENCES.density),
  times: z.enum(['local', 'utc']).default(DEFAULT_PREFERENCES.times),
  lastView: z.string().max(40).default(DEFAULT_PREFERENCES.lastView),
  /** Hidden columns and widths in pixels, by grid. */
  columns: z
    .record(
      z.string().max(60),
      z.strictObject({
        hidden: z.array(z.string().max(200)).max(200),
        /** Columns without any value that are shown all the same. */
        shown: z.array(z.string().max(200)).max(200).optional(),
        widths: z.record(z.string().max(200), z.int().min(24).max(2000)),
      }),
    )
    .default(DEFAULT_PREFERENCES.columns),
  detailOpen: z.boolean().default(DEFAULT_PREFERENCES.detailOpen),
  /** What closing the window does while the queue is worked on: ask once, keep working without a window, or stop. */
  onClose: z.enum(['ask', 'keep-working', 'stop']).default(DEFAULT_PREFERENCES.onClose),
  board: boardSchema.default(DEFAULT_PREFERENCES.board),
  /** What the last report was: its form, and who made it for which case. */
  report: z
    .strictObject({
      format: z.enum(REPORT_FORMATS),
      examiner: z.string().max(200),
      caseName: z.string().max(200),
    })
    .default(DEFAULT_PREFERENCES.report),
});

type ChangeShape<S extends z.ZodRawShape> = {
  [K in keyof S]: z.ZodOptional<S[K] extends z.ZodDefault<infer T> ? T : S[K]>;
};

/**
 * The schema of a change: any of the fields, and nothing for those that are left out. `partial()` alone would fill in
 * the defaults, so that changing one field would reset all others.
 */
function changeOf<S extends z.ZodRawShape>(schema: z.ZodObject<S>): z.ZodObject<ChangeShape<S>, z.core.$strict> {
  const fields = Object.entries(schema.shape).map(([name, field]) => [
    name,
    z.optional(field instanceof z.ZodDefault ? field.unwrap() : field),
  ]);
  return z.strictObject(Object.fromEntries(fields) as ChangeShape<S>);
}

export const settingsChangeSchema = changeOf(settingsSchema);
export const preferencesChangeSchema = changeOf(preferencesSchema);

export type Settings = z.infer<typeof settingsSchema>;
export type Preferences = z.infer<typeof preferencesSchema>;

/** All settings at their defaults. */
export function defaultSettings(): Settings {
  return settingsSchema.parse({});
}

export function defaultPreferences(): Preferences {
  return preferencesSchema.parse({});
}
