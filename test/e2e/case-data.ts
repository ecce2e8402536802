import { createReadStream, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Engine } from '#main/services/engine-port.ts';
import { digestOf } from '#test/bench/data.ts';

/** A small case whose every number is known: what is cached, and a list with duplicates and bad rows. */
export interface Case {
  /** CSV with the columns `Entry`, `Image Path`, `SHA-256`. */
  readonly list: string;
  readonly items: string;
  readonly expected: {
    readonly records: number;
    readonly hashes: number;
    readonly duplicates: number;
    readonly withoutHash: number;
    readonly rejected: number;
    readonly malicious: number;
    readonly suspicious: number;
    readonly nonMalicious: number;
    readonly unknown: number;
    readonly conflict: number;
  };
  /** The first row's hash of each kind, for looking at one. */
  readonly hashOf: { readonly malicious: string; readonly suspicious: string; readonly unknown: string };
}

const MALICIOUS = 12;
const SUSPICIOUS = 7;
const NON_MALICIOUS = 600;
const UNKNOWN = 281;
const DUPLICATES = 9;
const WITHOUT = 3;
const REJECTED = 2;
/** Of the malicious ones, so many are called non-malicious by another source. */
const CONFLICTS = 4;

export function writeCase(folder: string): Case {
  const item = (family: string, n: number, source: string, status: string): string =>
    JSON.stringify({
      sha256: digestOf(family, n),
      source,
      status,
      threat: status === 'malicious' ? 'Trojan.Generic' : undefined,
      scannedAt: '2026-11-20T03:04:05Z',
    });
  const numbers = (count: number): readonly number[] => Array.from({ length: count }, (_, n) => n);
  const items = join(folder, 'items.jsonl');
  writeFileSync(
    items,
    [
      ...numbers(MALICIOUS).map((n) => item('malicious', n, 'wildfire', 'malicious')),
      ...numbers(CONFLICTS).map((n) => item('malicious', n, 'virustotal', 'non-malicious')),
      ...numbers(SUSPICIOUS).map((n) => item('suspicious', n, 'virustotal', 'suspicious')),
      ...numbers(NON_MALICIOUS).map((n) => item('good', n, 'wildfire', 'non-malicious')),
    ]
      .map((line) => `${line}\n`)
      .join(''),
  );

  const list = join(folder, 'autoruns-host12.csv');
  const row = (name: string, hash: string): string => `${name},C:\\Windows\\System32\\${name}.sys,${hash}`;
  const families = { good: NON_MALICIOUS, malicious: MALICIOUS, suspicious: SUSPICIOUS, fresh: UNKNOWN } as const;
  const rows = Object.entries(families).flatMap(([family, count]) =>
    numbers(count).map((n) => row(`${family}${n}`, digestOf(family, n))),
  );
  writeFileSync(
    list,
    [
      'Entry,Image Path,SHA-256',
      ...rows,
      ...numbers(DUPLICATES).map((n) => row(`again${n}`, digestOf('good', n).toUpperCase())),
      ...numbers(WITHOUT).map((n) => row(`empty${n}`, '')),
      ...numbers(REJECTED).map((n) => row(`cut${n}`, digestOf('cut', n).slice(0, 40 + 3))),
    ]
      .map((line) => `${line}\r\n`)
      .join(''),
  );
  return {
    list,
    items,
    expected: {
      records: rows.length + DUPLICATES + WITHOUT + REJECTED,
      hashes: rows.length,
      duplicates: DUPLICATES,
      withoutHash: WITHOUT,
      rejected: REJECTED,
      malicious: MALICIOUS,
      suspicious: SUSPICIOUS,
      nonMalicious: NON_MALICIOUS,
      unknown: UNKNOWN,
      conflict: CONFLICTS,
    },
    hashOf: {
      malicious: digestOf('malicious', 0),
      suspicious: digestOf('suspicious', 0),
      unknown: digestOf('fresh', 0),
    },
  };
}

/** Puts reputation items into the cache of a running engine. */
export async function seed(engine: Engine, items: string): Promise<void> {
  await engine.cache.importItems(createReadStream(items), () => undefined, AbortSignal.timeout(60_000));
}
