import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { createEngine } from '#main/engine.ts';
import { METRIC, type MetricKind } from '#main/db/change-kinds.ts';
import { DATABASE_FILE } from '#main/db/open.ts';
import { memorySecrets } from '#test/integration/asking/memory-secrets.ts';

interface Event {
  readonly kind: MetricKind;
  readonly at: number;
  readonly amount: number;
  readonly source?: number;
  readonly detail?: string;
}

const HOUR = 3600;
const DAY = 24 * HOUR;
/** Two days on which the machine was off. */
const OFF = { from: 33, to: 31 } as const;
/** How much of the calls each source gets, by its code. */
const SHARES = [0, 0.35, 0.2, 0.12, 0.18, 0.15];

/**
 * Puts a plausible use of `days` days, up to `now` (seconds), into the directory of a test, as events that the engine adds
 * up itself. Presence is written at once: by the engine's own way it would take a call for each minute.
 */
export async function writeUse(directory: string, now: number, days: number, stepSeconds = HOUR): Promise<void> {
  const engine = await createEngine({ directory, threads: 'inline', shell: 'terminal', secrets: memorySecrets({}) });
  const file = new SqliteDatabase(join(directory, DATABASE_FILE));
  try {
    const put = file.prepare('INSERT INTO metric_events (at, kind, source, amount, detail) VALUES (?, ?, ?, ?, ?)');
    file.transaction(() => {
      for (const { at, kind, source = 0, amount, detail = null } of eventsOf(now, days, stepSeconds)) {
        put.run(at, METRIC[kind], source, amount, detail);
      }
      const presence = file.prepare('INSERT OR REPLACE INTO metric_presence (start, until) VALUES (?, ?)');
      if (days > OFF.from) {
        presence.run(now - days * DAY, now - OFF.from * DAY);
        presence.run(now - OFF.to * DAY, now);
      } else {
        presence.run(now - days * DAY, now);
      }
    })();
  } finally {
    file.close();
  }
  await engine.database.write('foldMetrics', undefined);
  await engine.dispose();
}

function* eventsOf(now: number, days: number, stepSeconds: number): Generator<Event> {
  const random = seeded(7);
  const start = now - days * DAY;
  for (let at = start; at < now; at += stepSeconds) {
    const ago = (now - at) / DAY;
    if (ago > OFF.to && ago <= OFF.from) {
      continue;
    }
    const load = loadAt(at) * (0.6 + 0.8 * random()) * (stepSeconds / HOUR);
    yield* outbound(at, load, random);
    yield* inbound(at, load, random);
    yield* gauges(at, (at - start) / (days * DAY), load, random);
    if (at % DAY < stepSeconds) {
      yield* daily(at, random);
    }
  }
}

/** Busy in working hours of working days. */
function loadAt(at: number): number {
  const hour = (at % DAY) / HOUR;
  const weekday = new Date(at * 1000).getUTCDay();
  const ofDay = hour > 6 && hour < 19 ? 1 + 2 * Math.sin(((hour - 6) / 13) * Math.PI) : 0.25;
  return weekday === 0 || weekday === 6 ? 0.3 * ofDay : ofDay;
}

function* outbound(at: number, load: number, random: () => number): Generator<Event> {
  for (let source = 1; source <= 5; source += 1) {
    const pairs = Math.round(420 * load * (SHARES[source] ?? 0));
    const requests = source === 1 || source === 4 ? Math.ceil(pairs / 100) : pairs;
    if (pairs > 0) {
      yield { kind: 'pairsSent', at, source, amount: pairs };
      yield { kind: 'callsBilled', at, source, amount: requests };
      yield { kind: 'requestSettled', at: at + 2, source, amount: requests, detail: 'answer' };
      yield { kind: 'requestSettled', at: at + 3, source, amount: Math.ceil(requests / 5), detail: 'not-known' };
      yield { kind: 'requestMs', at: at + 2, source, amount: Math.round(180 * source + 240 * random()) };
    }
    if (random() < 0.12) {
      const detail = ['quota', 'transient', 'protocol', 'auth', 'lost'][Math.floor(random() * 5)] ?? 'quota';
      yield { kind: 'requestSettled', at: at + 4, source, amount: 1 + Math.floor(8 * random()), detail };
    }
    if (random() < 0.03) {
      yield { kind: 'flips', at, source, amount: 1, detail: random() < 0.6 ? 'to-malicious' : 'from-malicious' };
    }
  }
}

function* inbound(at: number, load: number, random: () => number): Generator<Event> {
  const hashes = Math.round(700 * load);
  for (const kind of ['inboundMinute', 'inboundHour', 'inboundDay'] as const) {
    yield { kind, at, amount: hashes, detail: 'intakes' };
    yield { kind, at, amount: Math.round(3 * load), detail: 'look-ups' };
  }
  yield { kind: 'inboundHashes', at, amount: hashes };
  yield { kind: 'answeredLocally', at, amount: Math.round(hashes * (0.7 + 0.2 * random())) };
  const mix = { malicious: 0.01, suspicious: 0.015, 'non-malicious': 0.75, pending: 0.02, unknown: 0.205 };
  for (const [detail, share] of Object.entries(mix)) {
    yield { kind: 'verdictCount', at, amount: Math.round(hashes * share), detail };
  }
  for (const [index, detail] of ['fresh', 'known-set', 'hash-list', 'link', 'queued'].entries()) {
    yield { kind: 'pairsAvoided', at, source: 1 + (index % 5), amount: Math.round(hashes / (index + 2)), detail };
  }
}

function* gauges(at: number, part: number, load: number, random: () => number): Generator<Event> {
  yield { kind: 'databaseBytes', at, amount: Math.round(2.2e9 + 2.6e8 * part + 1e6 * random()) };
  for (let source = 1; source <= 5; source += 1) {
    yield { kind: 'queueDepth', at, source, amount: Math.round(load * 120 * random()) };
    for (const [detail, share] of [
      ['malicious', 0.02],
      ['suspicious', 0.03],
      ['non-malicious', 0.8],
      ['unknown', 0.15],
    ] as const) {
      const amount = Math.round((4.1e6 + 8e4 * part) * (SHARES[source] ?? 0) * share);
      yield { kind: 'itemsTotal', at, source, amount, detail };
    }
  }
}

function* daily(at: number, random: () => number): Generator<Event> {
  yield {
    kind: 'itemsPurged',
    at: at + 3 * HOUR,
    source: 1,
    amount: Math.round(1500 * random()),
    detail: 'not-asked-for non-malicious',
  };
  yield {
    kind: 'itemsPurged',
    at: at + 3 * HOUR,
    source: 5,
    amount: Math.round(300 * random()),
    detail: 'not-asked-for unknown',
  };
  yield { kind: 'listEntries', at, amount: 400 + Math.round((at / DAY) % 60), detail: 'malicious' };
  yield { kind: 'listEntries', at, amount: 1150 + Math.round((at / DAY) % 71), detail: 'non-malicious' };
  yield { kind: 'listInEnvironment', at, amount: 5 + Math.round(3 * random()), detail: 'malicious' };
  yield { kind: 'listInEnvironment', at, amount: 190 + Math.round(12 * random()), detail: 'non-malicious' };
  for (const [index, detail] of ['day', 'week', 'month', 'quarter', 'older'].entries()) {
    yield { kind: 'cacheAge', at, amount: Math.round((900_000 / (index + 1)) * (0.9 + 0.2 * random())), detail };
  }
  yield { kind: 'syncRun', at: at + 5 * HOUR, amount: 2, detail: 'done' };
  if (random() < 0.1) {
    yield { kind: 'syncRun', at: at + 6 * HOUR, amount: 1, detail: 'failed' };
  }
}

/** Always the same numbers, 0 to 1 (a linear congruential generator). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
