import type { SyncJobConfig, SyncSecret } from './sync-job.ts';

/** What each parameter of a sync job is called, everywhere it is shown or named in a message. */
export const SYNC_LABELS: { readonly [K in keyof SyncJobConfig]: string } = {
  threatConnectUrl: 'ThreatConnect Address',
  threatConnectAuth: 'Api User Authentication',
  accessId: 'Api User Access ID',
  threatConnectProxy: 'ThreatConnect Proxy',
  threatConnectCaFile: 'ThreatConnect CA File',
  taniumUrl: 'Tanium Address',
  taniumAuth: 'Tanium Authentication',
  taniumUsername: 'Tanium Username',
  taniumDomain: 'Tanium Domain',
  verifyTaniumTls: 'Verify SSL Cert',
  taniumCaFile: 'Tanium CA File',
  taniumProxy: 'Tanium Proxy',
  sourceName: 'Tanium Threat Response Source',
  threatResponseApi: 'Threat Response Interface',
  owners: 'ThreatConnect Owners',
  types: 'Indicator Types',
  tql: 'TQL',
  lastModifiedWithTql: 'Last Modified with TQL',
  includeTags: 'Include Tags',
  excludeTags: 'Exclude Tags',
  minThreatAssess: 'Minimum ThreatAssess Score',
  minConfidence: 'Minimum Confidence Rating',
  minRating: 'Minimum Threat Rating',
  maxFalsePositives: 'Maximum False Positive Count',
  schedule: 'Schedule',
  reconcileHours: 'Reconcile Every',
  overlapMinutes: 'Overlap',
  pageSize: 'Page Size',
  timeoutSeconds: 'Timeout',
  packageSize: 'Package Size',
  networkTerms: 'Network Terms',
  labels: 'Labels from Tags',
  deploy: 'Deploy',
  scanGroup: 'Scan Computer Group',
  filesTo: 'Files Go To',
  guardShare: 'Guard Share',
  guardCount: 'Guard Count',
  own: 'Own Addresses and Domains',
  raiseFromRating: 'Raise Verdict from Rating',
  logLevel: 'Logging Level',
};

/** What a secret of a job is called: it follows how the job proves itself. */
export function syncSecretLabel(
  secret: SyncSecret,
  config: Pick<SyncJobConfig, 'threatConnectAuth' | 'taniumAuth'>,
): string {
  switch (secret) {
    case 'threatconnect':
      return config.threatConnectAuth === 'hmac' ? 'Api User Secret Key' : 'Api User Token';
    case 'tanium':
      return config.taniumAuth === 'password' ? 'Tanium Password' : 'Tanium API Token';
    case 'threatconnect-proxy':
      return 'ThreatConnect Proxy Credentials';
    default:
      return 'Tanium Proxy Credentials';
  }
}
