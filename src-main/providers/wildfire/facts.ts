import type { SourceConfig } from '#shared/settings/source-config.ts';
import type { ProviderFacts } from '../port.ts';

const PATH = '/publicapi';
const HOST = 'wildfire.paloaltonetworks.com';

/** Regional clouds by the prefix of their host. Each analyses for itself: a file known to one may be unknown to another. */
const REGIONS = [
  ['eu', 'Europe'],
  ['jp', 'Japan'],
  ['sg', 'Singapore'],
  ['uk', 'United Kingdom'],
  ['ca', 'Canada'],
  ['au', 'Australia'],
  ['de', 'Germany'],
  ['in', 'India'],
  ['ch', 'Switzerland'],
  ['pl', 'Poland'],
  ['id', 'Indonesia'],
  ['tw', 'Taiwan'],
  ['fr', 'France'],
  ['qatar', 'Qatar'],
  ['kr', 'South Korea'],
  ['za', 'South Africa'],
  ['il', 'Israel'],
] as const;

/**
 * Assay's own defaults. The cloud publishes no limit per minute; 1,000 a day stays below the 1,050 queries that come with
 * a licensed firewall. Requests go one at a time: a batch answers 500 hashes, so that more would only spend faster.
 */
const DEFAULTS: SourceConfig = {
  enabled: false,
  url: `https://${HOST}${PATH}`,
  plan: 'paid',
  licenceAccepted: false,
  authStyle: 'key',
  agent: '',
  hashesPerRequest: 500,
  callsPerMinute: 30,
  callsPerDay: 1000,
  callsPerMonth: null,
  concurrency: 1,
  timeoutSeconds: 60,
  verifyTls: true,
  caFile: null,
  proxy: { kind: 'system' },
  automatic: 'off',
  recheckMinutes: 15,
  rescans: true,
  newItemDays: null,
  newItemHours: 24,
  options: {},
};

/** WildFire as its public API documents it: MD5 and SHA-256, batches of 500 that count as one query, no score. */
export const wildfireFacts: ProviderFacts = {
  source: 'wildfire',
  takes: ['sha256', 'md5'],
  mostHashesPerRequest: 500,
  billedBy: 'request',
  score: 'none',
  thresholds: null,
  hasPending: true,
  urlPresets: [
    { label: 'Global', url: `https://${HOST}${PATH}` },
    ...REGIONS.map(([prefix, label]) => ({ label, url: `https://${prefix}.${HOST}${PATH}` })),
  ],
  defaults: DEFAULTS,
  plans: ['paid'],
  authStyles: ['key', 'bearer'],
  agents: ['', 'pcc', 'prismaaccessapi'],
  licenceNote: null,
  testLooksUp: 'always',
  hasNewItems: false,
  options: [],
  planLimits: {},
};
