import type { ReportFormat } from '../domain/report.ts';
import { SOURCE_IDS, type SourceId } from '../domain/source.ts';

interface Threshold {
  malicious: number | null;
  suspicious: number | null;
}

/** The same as `Settings`, which the schema infers: it takes its defaults from here. */
interface PlainSettings {
  staleAfterDays: number;
  virustotalThreshold: Threshold;
  recordedFutureThreshold: Threshold;
  analyst: string;
  offline: boolean;
  keepReports: (typeof KEEP_REPORTS)[number];
  requestLogDays: number;
  keysKeptIn: (typeof SECRET_STORES)[number];
  rescanItemDays: number | null;
  notKnownDays: number | null;
  rescanShare: number;
  removeItemDays: number | null;
  maxDatabaseMiB: number;
  historyDays: number;
  usageMinuteDays: number;
  usageHourDays: number;
  usageDays: number;
  tellFlips: boolean;
  callPrices: Record<SourceId, number | null>;
  currency: string;
}

/** The same as `Preferences`. */
interface PlainPreferences {
  theme: 'system' | 'light' | 'dark';
  density: 'regular' | 'compact';
  times: 'local' | 'utc';
  lastView: string;
  columns: Record<string, { hidden: string[]; shown?: string[] | undefined; widths: Record<string, number> }>;
  detailOpen: boolean;
  onClose: 'ask' | 'keep-working' | 'stop';
  board: {
    range: (typeof BOARD_RANGES)[number];
    from: number;
    to: number;
    compare: boolean;
    tables: boolean;
    order: string[];
    hidden: string[];
    splits: Record<string, string>;
  };
  report: { format: ReportFormat; examiner: string; caseName: string };
}

/** All settings at their defaults. Here and not in the schema, so that a short command need not load zod. */
export const DEFAULT_SETTINGS: PlainSettings = {
  staleAfterDays: 30,
  virustotalThreshold: { malicious: null, suspicious: null },
  recordedFutureThreshold: { malicious: null, suspicious: null },
  analyst: '',
  offline: false,
  keepReports: 'all',
  requestLogDays: 90,
  keysKeptIn: 'keychain',
  rescanItemDays: 30,
  notKnownDays: 7,
  rescanShare: 50,
  removeItemDays: 180,
  maxDatabaseMiB: 8192,
  historyDays: 730,
  usageMinuteDays: 90,
  usageHourDays: 400,
  usageDays: 3650,
  tellFlips: true,
  callPrices: {
    wildfire: null,
    'recorded-future': null,
    'reversinglabs-a1000': null,
    'reversinglabs-titaniumcloud': null,
    virustotal: null,
  },
  currency: '',
};

/** All preferences at their defaults. */
export const DEFAULT_PREFERENCES: PlainPreferences = {
  theme: 'system',
  density: 'regular',
  times: 'local',
  lastView: 'triage',
  columns: {},
  detailOpen: true,
  onClose: 'ask',
  board: { range: '7d', from: 0, to: 0, compare: true, tables: false, order: [], hidden: [], splits: {} },
  report: { format: 'html', examiner: '', caseName: '' },
};

export const STALE_DAYS = { least: 1, most: 3650 } as const;
export const LONGEST_ANALYST = 120;
export const LOG_DAYS = { least: 31, most: 3650 } as const;
/** Days of the rescan intervals, of Remove Item Interval and of the history. */
export const LIFE_DAYS = { least: 1, most: 3650 } as const;
/** Days that minutes, hours and days of the reputation board are kept. */
export const USAGE_MINUTE_DAYS = { least: 1, most: 400 } as const;
export const USAGE_HOUR_DAYS = { least: 7, most: 3650 } as const;
export const USAGE_DAYS = { least: 31, most: 3650 } as const;
/** Per cent of a quota. */
export const SHARE = { least: 0, most: 100 } as const;
export const DATABASE_MIB = { least: 64, most: 1_048_576 } as const;
/** Ranges of the reputation board. */
export const BOARD_RANGES = ['24h', '7d', '30d', '90d', 'custom'] as const;
/** Price of a call. */
export const PRICE = { least: 0, most: 1_000_000 } as const;
export const LONGEST_CURRENCY = 8;
export const KEEP_REPORTS = ['all', 'malicious-and-suspicious'] as const;
export const SECRET_STORES = ['keychain', 'file'] as const;

/** What a setting must be, for a sentence, where the value is not that; null where it is. Agrees with `settingsSchema`. */
export function settingFault(name: string, value: unknown): string | null {
  switch (name) {
    case 'staleAfterDays': {
      const { least, most } = STALE_DAYS;
      const fits = Number.isInteger(value) && (value as number) >= least && (value as number) <= most;
      return fits ? null : `a whole number of days from ${least} to ${most}`;
    }
    case 'rescanItemDays':
    case 'notKnownDays':
    case 'removeItemDays':
      return value === null ? null : wholeFault(value, LIFE_DAYS, 'days', ', or null for never');
    case 'historyDays':
      return wholeFault(value, LIFE_DAYS, 'days');
    case 'usageMinuteDays':
      return wholeFault(value, USAGE_MINUTE_DAYS, 'days');
    case 'usageHourDays':
      return wholeFault(value, USAGE_HOUR_DAYS, 'days');
    case 'usageDays':
      return wholeFault(value, USAGE_DAYS, 'days');
    case 'rescanShare':
      return wholeFault(value, SHARE, 'per cent');
    case 'maxDatabaseMiB':
      return wholeFault(value, DATABASE_MIB, 'MiB');
    case 'tellFlips':
      return typeof value === 'boolean' ? null : 'true or false';
    case 'analyst':
      return typeof value === 'string' && value.length <= LONGEST_ANALYST
        ? null
        : `a name of at most ${LONGEST_ANALYST} characters`;
    case 'offline':
      return typeof value === 'boolean' ? null : 'true or false';
    case 'keepReports':
      return KEEP_REPORTS.some((one) => one === value) ? null : `one of ${KEEP_REPORTS.join(', ')}`;
    case 'keysKeptIn':
      return SECRET_STORES.some((one) => one === value) ? null : `one of ${SECRET_STORES.join(', ')}`;
    case 'requestLogDays':
      return Number.isInteger(value) && (value as number) >= LOG_DAYS.least && (value as number) <= LOG_DAYS.most
        ? null
        : `a whole number of days from ${LOG_DAYS.least} to ${LOG_DAYS.most}`;
    case 'callPrices':
      return isPrices(value) ? null : `a price of a call from ${PRICE.least} to ${PRICE.most} for each source, or null`;
    case 'currency':
      return typeof value === 'string' && value.length <= LONGEST_CURRENCY
        ? null
        : `a text of at most ${LONGEST_CURRENCY} characters`;
    case 'virustotalThreshold':
    case 'recordedFutureThreshold':
      return isThreshold(value) ? null : 'two numbers, malicious and suspicious, of 0 or more, or null for none';
    default:
      return 'a setting that exists';
  }
}

function wholeFault(
  value: unknown,
  { least, most }: { readonly least: number; readonly most: number },
  unit: string,
  rest = '',
): string | null {
  const fits = Number.isInteger(value) && (value as number) >= least && (value as number) <= most;
  return fits ? null : `a whole number of ${unit} from ${least} to ${most}${rest}`;
}

function isThreshold(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return false;
  }
  const { malicious, suspicious, ...others } = value as Record<string, unknown>;
  return isLimit(malicious) && isLimit(suspicious) && Object.keys(others).length === 0;
}

function isPrices(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return false;
  }
  const prices = value as Record<string, unknown>;
  const fits = SOURCE_IDS.every((id) => isLimit(prices[id]) && ((prices[id] ?? 0) as number) <= PRICE.most);
  return fits && Object.keys(prices).length === SOURCE_IDS.length;
}

function isLimit(value: unknown): boolean {
  return value === null || (typeof value === 'number' && Number.isFinite(value) && value >= 0);
}
