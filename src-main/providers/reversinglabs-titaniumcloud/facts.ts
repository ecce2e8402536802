import type { SourceConfig } from '#shared/settings/source-config.ts';
import type { ProviderFacts } from '../port.ts';
import { OPTION_DEFAULTS, titaniumcloudOptions, optionsOf } from './options.ts';

const BASE_URL = 'https://data.reversinglabs.com';
export const MOST_HASHES = 100;

/**
 * Assay's own defaults. Calls are hashes here, as the contract counts them, and contracts differ widely: 10,000 a day do
 * not use one up unnoticed, and 6,000 a minute are sixty full requests, far below the 500 requests a second the service
 * takes. "Test connection" reads what the account allows.
 */
const DEFAULTS: SourceConfig = {
  enabled: false,
  url: BASE_URL,
  plan: 'paid',
  licenceAccepted: false,
  authStyle: 'key',
  agent: '',
  hashesPerRequest: MOST_HASHES,
  callsPerMinute: 6000,
  callsPerDay: 10_000,
  callsPerMonth: null,
  concurrency: 2,
  timeoutSeconds: 30,
  verifyTls: true,
  caFile: null,
  proxy: { kind: 'system' },
  automatic: 'off',
  recheckMinutes: 60,
  rescans: true,
  newItemDays: 14,
  newItemHours: 24,
  options: OPTION_DEFAULTS,
};

/**
 * File reputation (TCA-0101) of ReversingLabs Spectra Intelligence, formerly TitaniumCloud: a hundred digests of one kind
 * per request, each of them counted, answers with a threat level, a trust factor and dates. It has no pages of its own.
 */
export const titaniumcloudFacts: ProviderFacts = {
  source: 'reversinglabs-titaniumcloud',
  takes: ['sha256', 'sha1', 'md5'],
  mostHashesPerRequest: MOST_HASHES,
  billedBy: 'hash',
  score: 'level',
  thresholds: null,
  hasPending: false,
  urlPresets: [
    { label: 'Spectra Intelligence', url: BASE_URL },
    { label: 'Older host (aws1)', url: 'https://ticloud-aws1-api.reversinglabs.com' },
    { label: 'Older host (cdn)', url: 'https://ticloud-cdn-api.reversinglabs.com' },
  ],
  defaults: DEFAULTS,
  plans: ['paid'],
  authStyles: ['key'],
  agents: [''],
  licenceNote: null,
  hasNewItems: true,
  options: titaniumcloudOptions,
  lacks: (config) =>
    optionsOf(config).username === ''
      ? 'ReversingLabs TitaniumCloud needs a user name beside the password that is its key. Set the option username in its settings.'
      : null,
  pageHosts: (config) => [optionsOf(config).pageHost].filter((host) => host !== ''),
  testLooksUp: 'at-need',
  planLimits: {},
};
