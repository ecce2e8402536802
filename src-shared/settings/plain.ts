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
}

/** The same as `Preferences`. */
interface PlainPreferences {
  theme: 'system' | 'light' | 'dark';
  density: 'regular' | 'compact';
  times: 'local' | 'utc';
  lastView: string;
  columns: Record<string, { hidden: string[]; widths: Record<string, number> }>;
  detailOpen: boolean;
  onClose: 'ask' | 'keep-working' | 'stop';
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
};

export const STALE_DAYS = { least: 1, most: 3650 } as const;
export const LONGEST_ANALYST = 120;
export const LOG_DAYS = { least: 31, most: 3650 } as const;
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
    case 'virustotalThreshold':
    case 'recordedFutureThreshold':
      return isThreshold(value) ? null : 'two numbers, malicious and suspicious, of 0 or more, or null for none';
    default:
      return 'a setting that exists';
  }
}

function isThreshold(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return false;
  }
  const { malicious, suspicious, ...others } = value as Record<string, unknown>;
  return isLimit(malicious) && isLimit(suspicious) && Object.keys(others).length === 0;
}

function isLimit(value: unknown): boolean {
  return value === null || (typeof value === 'number' && Number.isFinite(value) && value >= 0);
}
