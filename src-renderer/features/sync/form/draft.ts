import type { IndicatorType, SyncLogLevel } from '#shared/domain/indicator.ts';
import { DEFAULT_SYNC_JOB } from '#shared/settings/sync-defaults.ts';
import type { SyncJobChange, SyncJobConfig } from '#shared/settings/sync-job.ts';
import { proxyFault, urlFault } from '../../sources/index.ts';

/** Settings that are numbers: typed as text, checked as numbers. */
export const NUMBERS = {
  minThreatAssess: { least: 0, most: 1000, empty: true },
  minConfidence: { least: 0, most: 100, empty: true },
  minRating: { least: 0, most: 5, empty: true, fraction: true },
  maxFalsePositives: { least: 0, most: 1_000_000, empty: true },
  raiseFromRating: { least: 0, most: 5, empty: true, fraction: true },
  reconcileHours: { least: 1, most: 8760, empty: true },
  overlapMinutes: { least: 0, most: 1440 },
  pageSize: { least: 1, most: 10_000 },
  timeoutSeconds: { least: 1, most: 600 },
  packageSize: { least: 1, most: 20_000 },
  labels: { least: 0, most: 100 },
  guardShare: { least: 0, most: 100 },
  guardCount: { least: 0, most: 10_000_000 },
} as const satisfies Readonly<Record<string, NumberRule>>;

interface NumberRule {
  readonly least: number;
  readonly most: number;
  /** It may be left empty, which sets no limit. */
  readonly empty?: boolean;
  readonly fraction?: boolean;
}

/** Settings that are lists: one per line. */
export const LISTS = ['owners', 'includeTags', 'excludeTags', 'own'] as const;
/** Settings that are kept as they are typed. */
const TEXTS = [
  'threatConnectUrl',
  'accessId',
  'taniumUrl',
  'taniumUsername',
  'taniumDomain',
  'sourceName',
  'tql',
  'scanGroup',
] as const;
/** Settings that are one of a few, or yes and no: the same in the fields and kept. */
const SAME = [
  'threatConnectAuth',
  'taniumAuth',
  'verifyTaniumTls',
  'threatResponseApi',
  'lastModifiedWithTql',
  'networkTerms',
  'deploy',
  'filesTo',
  'logLevel',
] as const;
const FILES = ['threatConnectCaFile', 'taniumCaFile'] as const;
const PROXIES = ['threatConnectProxy', 'taniumProxy'] as const;

export type NumberField = keyof typeof NUMBERS;
export type ListField = (typeof LISTS)[number];
export type TextField = (typeof TEXTS)[number] | (typeof FILES)[number];
export type ProxyField = (typeof PROXIES)[number];

export type Draft = Pick<SyncJobConfig, (typeof SAME)[number] | ProxyField> & {
  readonly [F in NumberField | ListField | TextField]: string;
} & {
  readonly types: readonly IndicatorType[];
  readonly logLevel: SyncLogLevel;
  readonly scheduleKind: 'interval' | 'daily';
  readonly minutes: string;
  readonly at: string;
};

export type Faults = { readonly [K in keyof Draft]?: string };

/** The fields for a configuration, as they are typed. */
export function draftOf(config: SyncJobConfig): Draft {
  const { schedule } = config;
  const texts = Object.fromEntries([
    ...Object.keys(NUMBERS).map((name) => [name, String(config[name as NumberField] ?? '')]),
    ...LISTS.map((name) => [name, config[name].join('\n')]),
    ...TEXTS.map((name) => [name, config[name]]),
    ...FILES.map((name) => [name, config[name] ?? '']),
    ...[...SAME, ...PROXIES].map((name) => [name, config[name]]),
  ]) as unknown as Omit<Draft, 'types' | 'scheduleKind' | 'minutes' | 'at'>;
  return {
    ...texts,
    types: config.types,
    scheduleKind: schedule.kind,
    minutes: schedule.kind === 'interval' ? String(schedule.minutes) : '60',
    at: schedule.kind === 'daily' ? schedule.at : '06:00',
  };
}

/** Assay's own defaults for everything but addresses, logins, names and the way there, which only the person knows. */
export function defaultsOf(draft: Draft): Draft {
  const known: readonly string[] = [
    'threatConnectUrl',
    'threatConnectAuth',
    'accessId',
    'taniumUrl',
    'taniumAuth',
    'taniumUsername',
    'taniumDomain',
    'sourceName',
    'scanGroup',
    'own',
    ...FILES,
    ...PROXIES,
  ];
  return {
    ...draftOf(DEFAULT_SYNC_JOB),
    ...(Object.fromEntries(Object.entries(draft).filter(([name]) => known.includes(name))) as Partial<Draft>),
  };
}

/** What is wrong with the fields, by field, as a sentence that says what fits. Nothing with a fault can be saved. */
export function faultsOf(draft: Draft): Faults {
  const faults: { -readonly [K in keyof Draft]?: string } = {};
  for (const [name, rule] of Object.entries(NUMBERS) as [NumberField, NumberRule][]) {
    if (!fits(draft[name], rule)) {
      faults[name] =
        `A ${rule.fraction === true ? '' : 'whole '}number from ${rule.least} to ${rule.most.toLocaleString('en-US')}${rule.empty === true ? ', or empty for none' : ''}.`;
    }
  }
  if (draft.scheduleKind === 'interval' && !fits(draft.minutes, { least: 5, most: 43_200 })) {
    faults.minutes = 'A whole number from 5 to 43,200.';
  }
  if (draft.scheduleKind === 'daily' && !/^([01]\d|2[0-3]):[0-5]\d$/.test(draft.at)) {
    faults.at = 'A time of day.';
  }
  if (draft.sourceName.trim() === '') {
    faults.sourceName = 'Tanium Threat Response Source needs a name.';
  }
  for (const name of ['threatConnectUrl', 'taniumUrl'] as const) {
    const fault = draft[name].trim() === '' ? null : urlFault(draft[name]);
    if (fault !== null) {
      faults[name] = fault;
    }
  }
  for (const name of PROXIES) {
    const proxy = draft[name];
    const fault = proxy.kind === 'manual' ? proxyFault(proxy.url, 'secrets') : null;
    if (fault !== null) {
      faults[name] = fault;
    }
  }
  return faults;
}

function fits(text: string, { least, most, empty, fraction }: NumberRule): boolean {
  if (text.trim() === '') {
    return empty === true;
  }
  const value = Number(text);
  return Number.isFinite(value) && (fraction === true || Number.isInteger(value)) && value >= least && value <= most;
}

/** The fields that differ from what is kept, as a change. Fields with a fault are left out. */
export function changeOf(draft: Draft, config: SyncJobConfig): SyncJobChange {
  const faults = faultsOf(draft);
  const number = (text: string): number | null => (text.trim() === '' ? null : Number(text));
  const wanted = {
    ...Object.fromEntries(Object.keys(NUMBERS).map((name) => [name, number(draft[name as NumberField])])),
    ...Object.fromEntries(LISTS.map((name) => [name, linesOf(draft[name])])),
    ...Object.fromEntries(TEXTS.map((name) => [name, draft[name].trim()])),
    ...Object.fromEntries(FILES.map((name) => [name, draft[name].trim() === '' ? null : draft[name].trim()])),
    ...Object.fromEntries([...SAME, ...PROXIES, 'types' as const].map((name) => [name, draft[name]])),
  };
  const schedule =
    draft.scheduleKind === 'daily'
      ? { kind: 'daily' as const, at: draft.at }
      : { kind: 'interval' as const, minutes: Number(draft.minutes) };
  const fields = Object.entries({ ...wanted, schedule }).filter(([name, value]) => {
    const isFaulty =
      name === 'schedule' ? (faults.minutes ?? faults.at) !== undefined : faults[name as keyof Draft] !== undefined;
    return !isFaulty && JSON.stringify(value) !== JSON.stringify(config[name as keyof SyncJobConfig]);
  });
  return Object.fromEntries(fields);
}

/** One name per line, each once, blank lines left out. */
export function linesOf(text: string): string[] {
  return [...new Set(text.split('\n').map((line) => line.trim()))].filter((line) => line !== '');
}
