import type { HexDigest } from '#shared/domain/hash.ts';
import type { SourceConfig } from '#shared/settings/source-config.ts';
import type { HashAnswer, RequestFault, RequestResult } from '#main/providers/port.ts';

/** The n-th digest of a test. */
export const hashOf = (n: number): HexDigest => n.toString(16).padStart(64, '0') as HexDigest;

export function answerFor(hash: HexDigest, change: Partial<HashAnswer> = {}): HashAnswer {
  return {
    hash,
    outcome: 'answer',
    status: 'non-malicious',
    score: 0,
    threat: null,
    rawCode: 'm=0',
    firstSeen: null,
    digests: { sha256: hash },
    report: null,
    note: null,
    ...change,
  };
}

export function answered(answers: readonly HashAnswer[]): RequestResult {
  return { ok: true, httpStatus: 200, elapsedMs: 12, learned: [], answers };
}

export function faultOf(outcome: RequestFault['outcome'], change: Partial<RequestFault> = {}): RequestFault {
  const at = {
    auth: 'key',
    quota: 'quota',
    transient: 'network',
    protocol: 'answer',
    'invalid-input': 'input',
  } as const;
  return { outcome, at: at[outcome], message: `A ${outcome} fault.`, window: null, until: null, sent: true, ...change };
}

export function failed(outcome: RequestFault['outcome'], change: Partial<RequestFault> = {}): RequestResult {
  return { ok: false, httpStatus: null, elapsedMs: 12, learned: [], fault: faultOf(outcome, change) };
}

export const plainConfig: SourceConfig = {
  enabled: true,
  url: 'http://127.0.0.1:1/',
  plan: 'paid',
  licenceAccepted: true,
  authStyle: 'key',
  agent: '',
  hashesPerRequest: 1,
  callsPerMinute: null,
  callsPerDay: null,
  callsPerMonth: null,
  concurrency: 1,
  timeoutSeconds: 10,
  verifyTls: true,
  caFile: null,
  proxy: { kind: 'none' },
  automatic: 'off',
  recheckMinutes: 20,
  rescans: true,
  newItemDays: null,
  newItemHours: 24,
  options: {},
};
