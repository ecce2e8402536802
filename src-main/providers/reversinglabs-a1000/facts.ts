import type { SourceConfig } from '#shared/settings/source-config.ts';
import type { ProviderFacts } from '../port.ts';

/** Values of the option `reach`. */
export const APPLIANCE = 'appliance';
export const APPLIANCE_AND_CLOUD = 'appliance-and-cloud';

/** No maximum is documented for the list; a hundred is what the vendor's own cloud takes at a time. */
export const MOST_PER_LIST = 100;

/**
 * Assay's own defaults. There is no address to begin with: an appliance stands wherever its owner put it, and asking
 * somebody else's would give the hashes away. Nothing limits calls for files on the appliance; its cloud answers 10,000
 * look-ups a day, and as every call counts against the day here, Assay keeps within that. How long a list may take is
 * not documented, hence a minute; an appliance is a single machine, hence two requests on the way.
 */
const DEFAULTS: SourceConfig = {
  enabled: false,
  url: '',
  plan: 'paid',
  licenceAccepted: false,
  authStyle: 'key',
  agent: '',
  hashesPerRequest: MOST_PER_LIST,
  callsPerMinute: 60,
  callsPerDay: 10_000,
  callsPerMonth: null,
  concurrency: 2,
  timeoutSeconds: 60,
  verifyTls: true,
  caFile: null,
  proxy: { kind: 'system' },
  automatic: 'off',
  recheckMinutes: 15,
  rescans: true,
  newItemDays: 14,
  newItemHours: 24,
  options: { reach: APPLIANCE },
};

/**
 * ReversingLabs A1000 (Spectra Analyze): lists of up to 100 digests of one kind about files on the appliance, and one
 * digest at a time where its cloud is asked as well. Its own word decides; the risk of 0 to 10 stands beside it.
 */
export const a1000Facts: ProviderFacts = {
  source: 'reversinglabs-a1000',
  takes: ['sha256', 'sha1', 'md5'],
  mostHashesPerRequest: MOST_PER_LIST,
  billedBy: 'request',
  score: 'risk-10',
  thresholds: null,
  hasPending: true,
  urlPresets: [{ label: 'Hosted by ReversingLabs', url: 'https://a1000.reversinglabs.com' }],
  defaults: DEFAULTS,
  plans: ['paid'],
  authStyles: ['key'],
  agents: [''],
  licenceNote: null,
  testLooksUp: 'always',
  hasNewItems: true,
  options: [
    {
      name: 'reach',
      label: 'Looks for files',
      hint:
        'On the appliance, hashes stay with it. With its cloud, a hash it has no verdict on is sent on to ReversingLabs, ' +
        'in a call of its own.',
      choices: [
        { value: APPLIANCE, label: 'on the appliance only' },
        { value: APPLIANCE_AND_CLOUD, label: 'on the appliance, then in its cloud' },
      ],
    },
  ],
  singleCalls: (config) => (reachesCloud(config) ? 'elsewhere' : null),
  lacks: ({ url }) =>
    url === ''
      ? 'ReversingLabs A1000 has no address. Set the URL of your appliance, for example https://a1000.example.com.'
      : null,
  planLimits: {},
};

/** Whether a hash without a verdict on the appliance may be sent on to the vendor's cloud. */
export function reachesCloud({ options }: Pick<SourceConfig, 'options'>): boolean {
  return options['reach'] === APPLIANCE_AND_CLOUD;
}
