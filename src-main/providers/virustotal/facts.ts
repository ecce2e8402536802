import type { SourceConfig } from '#shared/settings/source-config.ts';
import type { ProviderFacts } from '../port.ts';
import { DEFAULT_THRESHOLDS } from './map.ts';

const BASE_URL = 'https://www.virustotal.com/api/v3';

/** What VirusTotal shows on the account page of an ordinary public key. */
const PUBLIC_LIMITS = { callsPerMinute: 4, callsPerDay: 500, callsPerMonth: 15_500 } as const;

/**
 * Contracts differ by a factor of a thousand and none is published, so that these are Assay's: low enough not to use up
 * a contract unnoticed. The user puts in those of the contract; "Test connection" reads what the account allows.
 */
const PAID_LIMITS = { callsPerMinute: 60, callsPerDay: 1000, callsPerMonth: null } as const;

/**
 * Assay's own defaults. A key counts as public until the user says otherwise, because its limits harm nobody. Four
 * requests on the way are what a public key allows per minute, and enough for 800 a minute at 300 ms each. A pending file
 * costs a call each time it is asked for again, hence an hour.
 */
const DEFAULTS: SourceConfig = {
  enabled: false,
  url: BASE_URL,
  plan: 'public',
  licenceAccepted: false,
  authStyle: 'key',
  agent: '',
  hashesPerRequest: 1,
  ...PUBLIC_LIMITS,
  concurrency: 4,
  timeoutSeconds: 30,
  verifyTls: true,
  caFile: null,
  proxy: { kind: 'system' },
  automatic: 'off',
  recheckMinutes: 60,
  rescans: true,
  newItemDays: 14,
  newItemHours: 24,
  options: {},
};

/** VirusTotal's API v3: one file per request, found by any of its digests, with the counts of some seventy engines. */
export const virustotalFacts: ProviderFacts = {
  source: 'virustotal',
  takes: ['sha256', 'sha1', 'md5'],
  mostHashesPerRequest: 1,
  billedBy: 'request',
  score: 'engines',
  thresholds: DEFAULT_THRESHOLDS,
  hasPending: true,
  urlPresets: [{ label: 'VirusTotal', url: BASE_URL }],
  defaults: DEFAULTS,
  plans: ['public', 'paid'],
  authStyles: ['key'],
  agents: [''],
  licenceNote:
    'VirusTotal does not allow its public API in commercial products or services, nor in the work of a business that ' +
    'contributes no files. With a public key Assay asks only what a person asks it to: nothing is asked automatically, ' +
    'and no answer is renewed by itself, only one that was still pending is asked for again. ' +
    "Keep to VirusTotal's terms of service, or use a paid key.",
  pageHosts: () => ['www.virustotal.com'],
  testLooksUp: 'at-need',
  hasNewItems: true,
  options: [],
  planLimits: { public: PUBLIC_LIMITS, paid: PAID_LIMITS },
};
