import type { CallOutput } from '#shared/contract/index.ts';
import type { LookupResult, LookupSource } from '#shared/contract/lookup.ts';
import type { SourceId } from '#shared/domain/source.ts';
import type { Status } from '#shared/domain/status.ts';
import { hashOf, NOW, verdict } from '../world.ts';

type Item = NonNullable<LookupSource['item']>;

export function item(source: SourceId, status: Status, change: Partial<Item> = {}): Item {
  return {
    source,
    status,
    noAnswer: null,
    score: null,
    threat: null,
    rawCode: null,
    firstSeen: null,
    scannedAt: NOW - 3 * 3600,
    nextScanAt: null,
    createdAt: NOW - 3 * 3600,
    since: NOW - 3 * 3600,
    stale: false,
    digests: {},
    matchedBy: 'sha256',
    link: 'direct',
    ...change,
  };
}

/** A source that can be asked for one request, and has not been. */
export function source(id: SourceId, change: Partial<LookupSource> = {}): LookupSource {
  return {
    source: id,
    enabled: true,
    item: null,
    scoreText: '',
    thresholdText: '',
    report: null,
    queued: null,
    price: { billed: 1, left: null, unit: 'request' },
    cannotAsk: null,
    due: true,
    hasPage: false,
    ...change,
  };
}

export function result(number: number, change: Partial<LookupResult> = {}): LookupResult {
  const hash = hashOf(number);
  return {
    hash,
    kind: 'sha256',
    digests: { sha256: hash },
    verdict: verdict('unknown'),
    why: 'Nothing on this machine says anything about it, and no source was asked.',
    sources: [source('wildfire'), source('virustotal', { price: { billed: 1, left: 207, unit: 'request' } })],
    otherItems: [],
    listEntries: [],
    sets: [],
    aliases: [],
    annotations: [],
    seenIn: [],
    ...change,
  };
}

/** WildFire and VirusTotal say malicious, with everything a source can tell. */
export function malicious(number: number, change: Partial<LookupResult> = {}): LookupResult {
  return result(number, {
    verdict: verdict('malicious'),
    why: 'WildFire says malicious, 3 hours ago. All 2 answers agree.',
    sources: [
      source('wildfire', {
        item: item('wildfire', 'malicious', { rawCode: '1' }),
        scoreText: 'verdict 1',
        thresholdText: 'malware = malicious',
        report: '{\n  "verdict": "malware"\n}',
        due: false,
      }),
      source('virustotal', {
        item: item('virustotal', 'malicious', {
          score: 41,
          threat: 'trojan.emotet/autorun',
          rawCode: 'm=41 s=0 u=31 h=0',
          firstSeen: NOW - 40 * 86_400,
          scannedAt: NOW - 45 * 86_400,
          stale: true,
        }),
        scoreText: '41 of 72 engines',
        thresholdText: 'at least 5 engines',
        hasPage: true,
        price: { billed: 1, left: 207, unit: 'request' },
      }),
    ],
    aliases: [{ kind: 'md5', hash: 'ab'.repeat(16), link: 'source' }],
    seenIn: [
      { intakeId: 7, title: 'list.csv', createdAt: NOW - 240, line: 212, file: 'list.csv', embargo: false },
      { intakeId: 5, title: 'case 4711', createdAt: NOW - 86_400, line: 0, file: 'a.exe', embargo: true },
    ],
    ...change,
  });
}

export function found(...results: readonly LookupResult[]): CallOutput<'lookup.find'> {
  return { results: [...results], hashes: results.length, rejected: [], problems: [], elapsedMs: 0.4 };
}
