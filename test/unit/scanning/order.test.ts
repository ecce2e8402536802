import { describe, expect, it } from 'vitest';
import type { SourceId } from '#shared/domain/source.ts';
import { answerShares, type AnswerShares } from '#main/services/scanning/answer-shares.ts';
import type { ScanSource } from '#main/services/scanning/chosen-sources.ts';
import { forecast, type Now } from '#main/services/scanning/forecast.ts';
import { mostToldFirst, stepsOf, type PlannedSource } from '#main/services/scanning/order.ts';
import { PAIRS, type Pair } from '#main/services/triage/plan/pairs.ts';
import { scriptedSource } from '../../integration/outbound/scripted-source.ts';

const AT: Now = { now: Date.UTC(2026, 10, 22), minuteMs: 60_000, isOffline: false };
const ALIKE: AnswerShares = { malicious: 0.1, suspicious: 0, notKnown: 0.5 };

interface Wanted {
  readonly batch: number;
  readonly ask?: number;
  readonly shares?: Partial<AnswerShares>;
  readonly perDay?: number;
  readonly billedBy?: 'request' | 'hash';
  readonly single?: 'details' | 'elsewhere';
}

function planned(source: SourceId, wanted: Wanted): PlannedSource {
  const { single } = wanted;
  const provider = scriptedSource(source, {
    mostHashesPerRequest: wanted.batch,
    billedBy: wanted.billedBy ?? 'request',
    ...(single === undefined ? {} : { singleCalls: () => single }),
  });
  const of: ScanSource = {
    source,
    code: 1,
    label: source,
    provider,
    config: { ...provider.facts.defaults, hashesPerRequest: wanted.batch },
    notReady: null,
    state: null,
    limits: { minute: null, hour: null, day: wanted.perDay ?? null, month: null },
    spends: [],
    latencyMs: 400,
    ahead: 0,
  };
  const ask = wanted.ask ?? 10_000;
  const pairs = Object.fromEntries(PAIRS.map((pair) => [pair, pair === 'ask' ? ask : 0])) as Record<Pair, number>;
  const totals = { pairs, askByKind: { md5: 0, sha1: 0, sha256: ask } };
  const shares = { ...ALIKE, ...wanted.shares };
  return { source: of, totals, shares, forecast: forecast(of, totals, shares, AT) };
}

function order(all: Partial<Record<SourceId, Wanted>>): readonly string[] {
  return mostToldFirst(Object.entries(all).map(([source, wanted]) => planned(source as SourceId, wanted))).map(
    ({ source }) => source.source,
  );
}

describe('the order of sources', () => {
  it('puts a batch of 500 before one of 100 before single hashes', () => {
    expect(
      order({ virustotal: { batch: 1 }, 'reversinglabs-titaniumcloud': { batch: 100 }, wildfire: { batch: 500 } }),
    ).toEqual(['wildfire', 'reversinglabs-titaniumcloud', 'virustotal']);
  });

  it('puts a source that calls five times as many malicious before a batch of twice the size', () => {
    const often = { batch: 100, shares: { malicious: 0.5 } };
    expect(order({ wildfire: { batch: 200 }, 'reversinglabs-a1000': often })).toEqual([
      'reversinglabs-a1000',
      'wildfire',
    ]);
  });

  it('does not take a batch for full that the list cannot fill', () => {
    const often = { batch: 100, ask: 3, shares: { malicious: 0.2 } };
    expect(order({ wildfire: { batch: 500, ask: 3 }, 'reversinglabs-a1000': often })).toEqual([
      'reversinglabs-a1000',
      'wildfire',
    ]);
    expect(order({ 'reversinglabs-a1000': { batch: 100, ask: 3 }, wildfire: { batch: 500, ask: 3 } })).toEqual([
      'wildfire',
      'reversinglabs-a1000',
    ]);
  });

  it('lets the less scarce quota go first where two tell the same, and keeps a nearly spent one for the last', () => {
    expect(order({ wildfire: { batch: 100, perDay: 1_000 }, 'reversinglabs-a1000': { batch: 100 } })).toEqual([
      'reversinglabs-a1000',
      'wildfire',
    ]);
    // 20 requests of 500 with 2 left a day: worth an eleventh.
    expect(order({ wildfire: { batch: 500, perDay: 2 }, 'reversinglabs-a1000': { batch: 100 } })).toEqual([
      'reversinglabs-a1000',
      'wildfire',
    ]);
  });

  it('counts the single calls that answers are followed by', () => {
    const followed = planned('recorded-future', { batch: 1000, single: 'details', shares: { suspicious: 0.05 } });
    expect([followed.forecast.singles, followed.forecast.requests, followed.forecast.billed]).toEqual([
      1500, 1510, 1510,
    ]);
    const byHash = planned('reversinglabs-a1000', { batch: 100, single: 'elsewhere', billedBy: 'hash' });
    expect([byHash.forecast.singles, byHash.forecast.requests, byHash.forecast.billed]).toEqual([5000, 5100, 15_000]);
    expect(order({ 'recorded-future': { batch: 1000, single: 'details' }, wildfire: { batch: 100 } })).toEqual([
      'wildfire',
      'recorded-future',
    ]);
  });
});

describe('the steps of a plan', () => {
  const both = [
    planned('wildfire', { batch: 500, ask: 1000, shares: { malicious: 0.2 } }),
    planned('virustotal', { batch: 1, ask: 1000, shares: { malicious: 0.5 } }),
  ];

  it('ask in turn what is left open', () => {
    expect(stepsOf(both, 1000, true, AT)).toEqual([
      { source: 'wildfire', hashes: 1000, requests: 2, singles: 0, settles: 200, left: 800 },
      { source: 'virustotal', hashes: 800, requests: 800, singles: 0, settles: 400, left: 400 },
    ]);
  });

  it('ask everything where all are asked, and settle the same', () => {
    expect(stepsOf(both, 1000, false, AT).map(({ hashes, settles, left }) => [hashes, settles, left])).toEqual([
      [1000, 200, 800],
      [1000, 400, 400],
    ]);
  });
});

describe('what a source is expected to say', () => {
  const policy = { thresholds: {}, staleAfter: 1 };
  const answers = (source: number, status: number, count: number, score: number | null = null) => ({
    source,
    status,
    noAnswer: status === 0 ? 1 : null,
    score,
    count,
  });

  it('is what it said, once it has answered enough', () => {
    const shares = answerShares([answers(1, 4, 2_000), answers(1, 0, 8_000)], policy)('wildfire');
    expect([shares.malicious, shares.notKnown].map((share) => share.toFixed(3))).toEqual(['0.200', '0.800']);
  });

  it('is what all say together while it is new, and never nothing', () => {
    const of = answerShares([answers(1, 4, 3_000), answers(1, 1, 7_000)], policy);
    expect(of('virustotal').malicious).toBeCloseTo(0.3, 2);
    expect(answerShares([answers(1, 1, 1_000_000)], policy)('wildfire').malicious).toBeGreaterThan(0);
    expect(answerShares([], policy)('virustotal').malicious).toBe(0.1);
  });

  it('follows the thresholds in force', () => {
    const classes = [answers(5, 4, 500, 4), answers(5, 4, 500, 20)];
    const strict = { thresholds: { virustotal: { malicious: 10, suspicious: 3 } }, staleAfter: 1 };
    const shares = answerShares(classes, strict)('virustotal');
    expect([shares.malicious.toFixed(2), shares.suspicious.toFixed(2)]).toEqual(['0.50', '0.50']);
  });
});
