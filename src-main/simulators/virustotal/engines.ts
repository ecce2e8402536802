import type { FileRecord } from '../server/world.ts';

/** One entry of `last_analysis_results`; docs.virustotal.com/reference/analyses-object. */
export interface EngineResult {
  readonly method: 'blacklist';
  readonly engine_name: string;
  readonly engine_version: string;
  readonly engine_update: string;
  readonly category: keyof EngineStats;
  readonly result: string | null;
}

/** Names and spelling as in `last_analysis_stats`. */
export interface EngineStats {
  readonly malicious: number;
  readonly suspicious: number;
  readonly undetected: number;
  readonly harmless: number;
  readonly timeout: number;
  readonly 'confirmed-timeout': number;
  readonly failure: number;
  readonly 'type-unsupported': number;
}

/** Invented names: no vendor is made to say something it never said. */
const ENGINES = Array.from({ length: 72 }, (_, n) => `Engine${String(n + 1).padStart(2, '0')}`);
const ORDER = [
  'malicious',
  'suspicious',
  'harmless',
  'timeout',
  'confirmed-timeout',
  'failure',
  'type-unsupported',
  'undetected',
] as const;

/** How many engines say what about a file: five or more call a malicious one so, fewer a suspicious one. */
export function engineStats({ status, draw }: FileRecord): EngineStats {
  const upTo = (n: number, most: number): number => Math.floor(draw.at(n) * (most + 1));
  if (status === 'pending') {
    return statsOf({});
  }
  const onlySuspicious = draw.at(2) < 0.3;
  const malicious =
    status === 'malicious' ? 5 + upTo(0, 50) : status === 'suspicious' && !onlySuspicious ? 1 + upTo(0, 3) : 0;
  const suspicious =
    status === 'suspicious' && onlySuspicious ? 1 + upTo(1, 2) : status === 'malicious' ? upTo(1, 3) : 0;
  const silent = {
    harmless: status === 'non-malicious' ? upTo(3, 2) : 0,
    timeout: upTo(4, 1),
    'confirmed-timeout': 0,
    failure: upTo(5, 1),
    'type-unsupported': 2 + upTo(6, 3),
  };
  const others = malicious + suspicious + Object.values(silent).reduce((sum, count) => sum + count, 0);
  return statsOf({ malicious, suspicious, ...silent, undetected: ENGINES.length - others });
}

/** One entry per engine, in numbers that agree with the sums. */
export function engineResults(stats: EngineStats, label: string): Readonly<Record<string, EngineResult>> {
  const categories = ORDER.flatMap((category) => Array.from({ length: stats[category] }, () => category));
  return Object.fromEntries(
    categories.map((category, n) => {
      // Spread over the names, so that those who flag a file are not always the first.
      const name = ENGINES[(n * 31) % ENGINES.length] ?? '';
      return [name, engineResult(name, category, category === 'malicious' ? label : null)];
    }),
  );
}

function engineResult(name: string, category: EngineResult['category'], label: string | null): EngineResult {
  return {
    method: 'blacklist',
    engine_name: name,
    engine_version: '1.0.0.1',
    engine_update: '20260101',
    category,
    result: label ?? (category === 'suspicious' ? 'Heuristic.Simulated' : null),
  };
}

function statsOf(change: Partial<EngineStats>): EngineStats {
  return {
    malicious: 0,
    suspicious: 0,
    undetected: 0,
    harmless: 0,
    timeout: 0,
    'confirmed-timeout': 0,
    failure: 0,
    'type-unsupported': 0,
    ...change,
  };
}
