import type { SourceConfig } from '#shared/settings/source-config.ts';
import type { ProviderFacts } from '../port.ts';
import { DEFAULT_THRESHOLDS } from './risk.ts';

const BASE_URL = 'https://api.recordedfuture.com';

/** Values of the option `bulkPath`. */
export const SINGLE = 'single';

/**
 * Assay's own defaults. No limit per minute is published, and what a token may ask a day is a matter of the contract:
 * these are low enough not to use one up unnoticed. Half a full batch keeps what a lost answer costs small. An entry with
 * all of its evidence comes slowly, hence a minute.
 */
const DEFAULTS: SourceConfig = {
  enabled: false,
  url: BASE_URL,
  plan: 'paid',
  licenceAccepted: false,
  authStyle: 'key',
  agent: '',
  hashesPerRequest: 500,
  callsPerMinute: 60,
  callsPerDay: 1000,
  callsPerMonth: null,
  concurrency: 2,
  timeoutSeconds: 60,
  verifyTls: true,
  caFile: null,
  proxy: { kind: 'system' },
  automatic: 'off',
  recheckMinutes: 60,
  rescans: true,
  newItemDays: 14,
  newItemHours: 24,
  options: { bulkPath: 'soar-v2', details: 'on', zeroScore: 'unknown' },
};

/**
 * Recorded Future as its Connect and SOAR APIs are described in public: MD5, SHA-1 and SHA-256, a risk score from 0 to 99.
 * A bulk call counts as one call here; how many credits a token pays for the hashes in it is not documented.
 */
export const recordedFutureFacts: ProviderFacts = {
  source: 'recorded-future',
  takes: ['sha256', 'sha1', 'md5'],
  mostHashesPerRequest: 1000,
  billedBy: 'request',
  score: 'risk',
  thresholds: DEFAULT_THRESHOLDS,
  hasPending: false,
  urlPresets: [{ label: 'Recorded Future', url: BASE_URL }],
  defaults: DEFAULTS,
  plans: ['paid'],
  authStyles: ['key'],
  agents: [''],
  licenceNote: null,
  pageHosts: () => ['app.recordedfuture.com'],
  testLooksUp: 'always',
  hasNewItems: true,
  singleCalls: ({ options }) => (options['bulkPath'] === SINGLE || options['details'] === 'off' ? null : 'details'),
  options: [
    {
      name: 'bulkPath',
      label: 'Bulk',
      hint: 'Where many hashes are asked for at once. The right to it is granted apart; without it, every hash is a call.',
      choices: [
        { value: 'soar-v2', label: 'SOAR v2, /v2/soar/enrichment' },
        { value: 'soar-v3', label: 'SOAR v3, /soar/v3/enrichment' },
        { value: SINGLE, label: 'None, one hash per call' },
      ],
    },
    {
      name: 'details',
      label: 'Details',
      hint: 'Bulk answers hold no dates, digests or malware. A token that may ask only in bulk cannot get them.',
      choices: [
        { value: 'on', label: 'Of malicious and suspicious ones, a call each' },
        { value: 'off', label: 'None' },
      ],
    },
    {
      name: 'zeroScore',
      label: 'Score 0 is',
      hint: 'It calls no file clean: 0 says that no risk is known, and hashes it never saw may have it, too.',
      choices: [
        { value: 'unknown', label: 'unknown' },
        { value: 'non-malicious', label: 'non-malicious' },
      ],
    },
  ],
  conflict: ({ hashesPerRequest, options }) =>
    options['bulkPath'] === SINGLE && hashesPerRequest > 1
      ? {
          field: 'hashesPerRequest',
          what: 'must be 1 where bulkPath is single: without the bulk API every hash is a call',
        }
      : null,
  planLimits: {},
};
