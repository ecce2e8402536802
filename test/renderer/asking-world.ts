import type { OutboundState, QueueGroupView, RequestView } from '#shared/contract/outbound.ts';
import type { FlightPlan, SourcePlan } from '#shared/contract/scan.ts';
import type { QuotaView, SourceView } from '#shared/contract/sources.ts';
import type { SourceConfig } from '#shared/settings/source-config.ts';
import { NOW, noneAvoided } from './world.ts';

/** Plain data of sources, queue and plans for tests of the window. Moments are milliseconds. */
export const NOW_MS = NOW * 1000;
export const KEYLESS = { place: null, setAt: null, fault: null } as const;
export const KEYED = { place: 'keychain', setAt: NOW - 21 * 86_400, fault: null } as const;

export function sourceConfig(change: Partial<SourceConfig> = {}): SourceConfig {
  return {
    enabled: true,
    url: 'https://wildfire.example',
    plan: 'paid',
    licenceAccepted: false,
    authStyle: 'key',
    agent: '',
    hashesPerRequest: 500,
    callsPerMinute: 30,
    callsPerDay: 1050,
    callsPerMonth: null,
    concurrency: 1,
    timeoutSeconds: 20,
    verifyTls: true,
    caFile: null,
    proxy: { kind: 'system' },
    automatic: 'off',
    recheckMinutes: 15,
    rescans: true,
    newItemDays: null,
    newItemHours: 24,
    options: {},
    ...change,
  };
}

export function quota(window: QuotaView['window'], change: Partial<QuotaView> = {}): QuotaView {
  return { window, spent: 0, limit: null, learned: null, resetsAt: null, ...change };
}

export function wildfire(change: Partial<SourceView> = {}): SourceView {
  return {
    source: 'wildfire',
    label: 'WildFire',
    config: sourceConfig(),
    facts: {
      takes: ['sha256', 'md5'],
      mostHashesPerRequest: 500,
      billedBy: 'request',
      score: 'none',
      thresholds: null,
      urlPresets: [
        { label: 'Global', url: 'https://wildfire.example' },
        { label: 'Europe', url: 'https://eu.wildfire.example' },
      ],
      defaults: sourceConfig({ enabled: false, callsPerDay: 10_500 }),
      plans: ['paid'],
      authStyles: ['key', 'bearer'],
      agents: ['', 'pcc', 'prismaaccessapi'],
      licenceNote: null,
      hasPending: true,
      hasNewItems: false,
      options: [],
      keyVariable: 'ASSAY_WILDFIRE_KEY',
    },
    key: KEYED,
    proxyKey: KEYLESS,
    state: 'asking',
    reason: '',
    until: null,
    lastAnswerAt: NOW_MS - 2_000,
    items: 1_284_310,
    new: 96,
    processed: 1_283_862,
    rescanning: 352,
    malicious: 18_204,
    quota: [
      quota('minute', { spent: 2, limit: 30, resetsAt: NOW_MS + 41_000 }),
      quota('day', { spent: 312, limit: 1050, learned: 1050, resetsAt: NOW_MS + 14 * 3_600_000 }),
      quota('month', { spent: 9000 }),
    ],
    automaticPerDay: 240,
    ...change,
  };
}

export function virustotal(change: Partial<SourceView> = {}): SourceView {
  const base = wildfire();
  return {
    ...base,
    source: 'virustotal',
    label: 'VirusTotal',
    config: sourceConfig({
      url: 'https://www.virustotal.example/api/v3',
      plan: 'public',
      licenceAccepted: true,
      hashesPerRequest: 1,
      callsPerMinute: 4,
      callsPerDay: 500,
      callsPerMonth: 15_500,
      concurrency: 2,
    }),
    facts: {
      ...base.facts,
      takes: ['sha256', 'sha1', 'md5'],
      mostHashesPerRequest: 1,
      score: 'engines',
      thresholds: { malicious: 6, suspicious: 2 },
      urlPresets: [{ label: 'VirusTotal', url: 'https://www.virustotal.example/api/v3' }],
      plans: ['paid', 'public'],
      authStyles: ['key'],
      agents: [''],
      licenceNote: 'A public key may not be used in commercial products or workflows that add no new files.',
      keyVariable: 'ASSAY_VIRUSTOTAL_KEY',
    },
    state: 'waiting',
    reason: '4 a minute',
    until: NOW_MS + 41_000,
    items: 282_394,
    new: 75,
    processed: 281_868,
    rescanning: 451,
    malicious: 4096,
    quota: [
      quota('minute', { spent: 4, limit: 4, resetsAt: NOW_MS + 41_000 }),
      quota('day', { spent: 293, limit: 500, resetsAt: NOW_MS + 14 * 3_600_000 }),
      quota('month', { spent: 8914, limit: 15_500, resetsAt: NOW_MS + 11 * 86_400_000 }),
    ],
    ...change,
  };
}

export function recordedFuture(): SourceView {
  const base = wildfire();
  return {
    ...base,
    source: 'recorded-future',
    label: 'Recorded Future',
    facts: { ...base.facts, score: 'risk', thresholds: { malicious: 65, suspicious: 25 } },
  };
}

export function group(change: Partial<QueueGroupView> = {}): QueueGroupView {
  return {
    source: 'virustotal',
    purpose: 'new',
    intakeId: 7,
    title: 'list.csv',
    waiting: 206,
    onTheWay: 0,
    done: 160,
    dropped: 2,
    paused: false,
    waitingFor: '4 a minute',
    endsAt: NOW_MS + 3_120_000,
    ...change,
  };
}

export function outboundState(change: Partial<OutboundState> = {}): OutboundState {
  return {
    owner: { pid: 4242, shell: 'chromium', since: NOW_MS - 60_000, isThis: true },
    offline: false,
    sentence: 'Nothing waits to be asked.',
    depth: 0,
    inFlight: 0,
    perSecond: 0,
    avoidedToday: { total: 0, by: noneAvoided() },
    groups: [],
    ...change,
  };
}

export function request(change: Partial<RequestView> = {}): RequestView {
  return {
    id: 31,
    source: 'virustotal',
    at: NOW_MS - 5_000,
    purpose: 'new',
    kind: 'sha256',
    hashes: 1,
    single: false,
    outcome: 'answer',
    httpStatus: 200,
    elapsedMs: 231,
    billed: 1,
    message: '',
    ...change,
  };
}

export function sourcePlan(change: Partial<SourcePlan> = {}): SourcePlan {
  return {
    source: 'wildfire',
    ask: 352,
    requests: 1,
    singles: 0,
    follows: '',
    billed: 1,
    billedBy: 'request',
    hashesPerRequest: 500,
    fresh: 12,
    link: 4,
    queued: 0,
    conclusive: 0,
    cannot: [{ hashes: 16, sentence: '16 hashes are SHA-1 only, which WildFire does not take.' }],
    quota: [{ window: 'day', limit: 1050, spent: 312, after: 313 }],
    endsAt: NOW_MS + 4_000,
    waits: '',
    ...change,
  };
}

export function flightPlan(change: Partial<FlightPlan> = {}): FlightPlan {
  return {
    hashes: 451,
    ask: 368,
    without: { total: 83, hashList: 0, knownSet: 1, fresh: 64, link: 18, queued: 0, conclusive: 0 },
    cannot: [],
    requests: 369,
    strategy: 'certain',
    sources: [
      sourcePlan(),
      sourcePlan({
        source: 'virustotal',
        ask: 368,
        requests: 368,
        billed: 368,
        hashesPerRequest: 1,
        cannot: [],
        quota: [{ window: 'day', limit: 500, spent: 293, after: 500 }],
        endsAt: NOW_MS + 15 * 3_600_000,
        waits: '207 today, then 161 wait for its day at 00:00 UTC',
      }),
    ],
    steps: [
      { source: 'wildfire', hashes: 352, requests: 1, singles: 0, settles: 35, left: 333 },
      { source: 'virustotal', hashes: 368, requests: 368, singles: 0, settles: 33, left: 300 },
    ],
    endsAt: NOW_MS + 15 * 3_600_000,
    strategies: [
      { strategy: 'certain', requests: 369, endsAt: NOW_MS + 15 * 3_600_000 },
      { strategy: 'fastest', requests: 351, endsAt: NOW_MS + 14 * 3_600_000 },
      { strategy: 'cheapest', requests: 53, endsAt: NOW_MS + 660_000 },
    ],
    notes: ['Hashes leave this machine. File names, paths and carried columns do not.'],
    possible: true,
    elapsedMs: 12,
    ...change,
  };
}
