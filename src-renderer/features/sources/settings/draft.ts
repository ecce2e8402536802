import type { QuotaView, SourceView } from '#shared/contract/sources.ts';
import type { Threshold } from '#shared/domain/evidence.ts';
import type { SourceConfig, SourceConfigChange } from '#shared/settings/source-config.ts';
import { proxyFault, urlFault } from './address-faults.ts';

/** What stands in the fields while somebody edits: numbers as they are typed. */
export interface Draft {
  readonly url: string;
  readonly plan: SourceConfig['plan'];
  readonly licenceAccepted: boolean;
  readonly authStyle: SourceConfig['authStyle'];
  readonly agent: SourceConfig['agent'];
  readonly hashesPerRequest: string;
  readonly callsPerMinute: string;
  readonly callsPerDay: string;
  readonly callsPerMonth: string;
  readonly concurrency: string;
  readonly timeoutSeconds: string;
  readonly verifyTls: boolean;
  readonly caFile: string;
  readonly proxyKind: SourceConfig['proxy']['kind'];
  readonly proxyUrl: string;
  readonly automatic: SourceConfig['automatic'];
  readonly recheckMinutes: string;
  readonly rescans: boolean;
  /** Empty: no item counts as new. */
  readonly newItemDays: string;
  readonly newItemHours: string;
  /** What only this source has to be told; every option the source declares. */
  readonly options: Readonly<Record<string, string>>;
  /** Engines or risk from which an answer counts, where thresholds decide; empty is Assay's own default. */
  readonly malicious: string;
  readonly suspicious: string;
}

export type Faults = { readonly [K in keyof Draft]?: string };

const LIMITS = ['callsPerMinute', 'callsPerDay', 'callsPerMonth'] as const;
/** Fields that hold a number as it is typed. */
type NumberField =
  | 'hashesPerRequest'
  | (typeof LIMITS)[number]
  | 'concurrency'
  | 'timeoutSeconds'
  | 'recheckMinutes'
  | 'newItemDays'
  | 'newItemHours'
  | 'malicious'
  | 'suspicious';
const LARGEST_LIMIT = 1_000_000_000;
const LIMIT_OF: Readonly<Record<(typeof LIMITS)[number], QuotaView['window']>> = {
  callsPerMinute: 'minute',
  callsPerDay: 'day',
  callsPerMonth: 'month',
};

export function draftOf(config: SourceConfig, threshold: Threshold): Draft {
  const text = (value: number | null): string => (value === null ? '' : String(value));
  return {
    url: config.url,
    plan: config.plan,
    licenceAccepted: config.licenceAccepted,
    authStyle: config.authStyle,
    agent: config.agent,
    hashesPerRequest: text(config.hashesPerRequest),
    callsPerMinute: text(config.callsPerMinute),
    callsPerDay: text(config.callsPerDay),
    callsPerMonth: text(config.callsPerMonth),
    concurrency: text(config.concurrency),
    timeoutSeconds: text(config.timeoutSeconds),
    verifyTls: config.verifyTls,
    caFile: config.caFile ?? '',
    proxyKind: config.proxy.kind,
    proxyUrl: config.proxy.kind === 'manual' ? config.proxy.url : '',
    automatic: config.automatic,
    recheckMinutes: text(config.recheckMinutes),
    rescans: config.rescans,
    newItemDays: text(config.newItemDays),
    newItemHours: text(config.newItemHours),
    options: config.options,
    malicious: text(threshold.malicious),
    suspicious: text(threshold.suspicious),
  };
}

/** What is wrong with the fields, by field, as a sentence that says what fits. Nothing with a fault can be saved. */
export function faultsOf(draft: Draft, { facts }: SourceView): Faults {
  const faults: { -readonly [K in keyof Draft]?: string } = {};
  const whole = (field: NumberField, least: number, most: number, what = ''): void => {
    const value = Number(draft[field]);
    if (draft[field].trim() === '' || !Number.isInteger(value) || value < least || value > most) {
      faults[field] = `A whole number from ${least} to ${most.toLocaleString('en-US')}${what}.`;
    }
  };
  whole('hashesPerRequest', 1, facts.mostHashesPerRequest);
  whole('concurrency', 1, 32);
  whole('timeoutSeconds', 1, 600);
  whole('recheckMinutes', 1, 10_080);
  whole('newItemHours', 1, 8760);
  if (draft.newItemDays.trim() !== '') {
    whole('newItemDays', 1, 3650, ', or empty for none');
  }
  for (const limit of LIMITS) {
    if (draft[limit].trim() !== '') {
      whole(limit, 1, LARGEST_LIMIT, ', or empty for no limit');
    }
  }
  const thresholds = thresholdsOf(facts.score);
  for (const field of ['malicious', 'suspicious'] as const) {
    if (thresholds !== null && draft[field].trim() !== '') {
      whole(field, 0, thresholds.most, ', or empty for Assay’s own');
    }
  }
  const url = urlFault(draft.url);
  if (url !== null) {
    faults.url = url;
  }
  if (draft.proxyKind === 'manual' && proxyFault(draft.proxyUrl, 'keys') !== null) {
    faults.proxyUrl = proxyFault(draft.proxyUrl, 'keys') ?? '';
  }
  if (draft.plan === 'public' && facts.licenceNote !== null && !draft.licenceAccepted) {
    faults.licenceAccepted = 'A public key is used only after its licence note was accepted.';
  }
  return faults;
}

/** Where the thresholds of such a score are kept, what they count and how high they reach; null where none decide. */
export function thresholdsOf(score: SourceView['facts']['score']): {
  readonly setting: 'virustotalThreshold' | 'recordedFutureThreshold';
  readonly word: string;
  readonly most: number;
} | null {
  switch (score) {
    case 'engines':
      return { setting: 'virustotalThreshold', word: 'Engines', most: 100 };
    case 'risk':
      return { setting: 'recordedFutureThreshold', word: 'Risk', most: 99 };
    default:
      return null;
  }
}

/** Limits that are set above what the source itself told: it is the smaller one that holds. */
export function limitHints(draft: Draft, quota: readonly QuotaView[]): readonly string[] {
  return LIMITS.flatMap((field) => {
    const window = LIMIT_OF[field];
    const learned = quota.find((one) => one.window === window)?.learned ?? null;
    const set = draft[field].trim() === '' ? Infinity : Number(draft[field]);
    return learned !== null && set > learned
      ? [`The source told ${learned.toLocaleString('en-US')} a ${window}. More than that is not sent.`]
      : [];
  });
}

/** The fields that differ from what is kept, as a change of the configuration. Call it without faults only. */
export function changeOf(draft: Draft, config: SourceConfig): SourceConfigChange {
  const limit = (text: string): number | null => (text.trim() === '' ? null : Number(text));
  const wanted: SourceConfig = {
    ...config,
    url: draft.url.trim(),
    plan: draft.plan,
    licenceAccepted: draft.licenceAccepted,
    authStyle: draft.authStyle,
    agent: draft.agent,
    hashesPerRequest: Number(draft.hashesPerRequest),
    callsPerMinute: limit(draft.callsPerMinute),
    callsPerDay: limit(draft.callsPerDay),
    callsPerMonth: limit(draft.callsPerMonth),
    concurrency: Number(draft.concurrency),
    timeoutSeconds: Number(draft.timeoutSeconds),
    verifyTls: draft.verifyTls,
    caFile: draft.caFile.trim() === '' ? null : draft.caFile.trim(),
    proxy: draft.proxyKind === 'manual' ? { kind: 'manual', url: draft.proxyUrl.trim() } : { kind: draft.proxyKind },
    automatic: draft.plan === 'public' ? 'off' : draft.automatic,
    recheckMinutes: Number(draft.recheckMinutes),
    rescans: draft.rescans,
    newItemDays: limit(draft.newItemDays),
    newItemHours: Number(draft.newItemHours),
  };
  const fields = Object.entries(wanted).filter(
    ([field, value]) => JSON.stringify(value) !== JSON.stringify(config[field as keyof SourceConfig]),
  );
  const options = Object.entries(draft.options)
    .map(([name, value]) => [name, value.trim()] as const)
    .filter(([name, value]) => value !== config.options[name]);
  return { ...Object.fromEntries(fields), ...(options.length === 0 ? {} : { options: Object.fromEntries(options) }) };
}

/** The thresholds as they stand in the fields. */
export function thresholdOf({ malicious, suspicious }: Draft): Threshold {
  const value = (text: string): number | null => (text.trim() === '' ? null : Number(text));
  return { malicious: value(malicious), suspicious: value(suspicious) };
}
