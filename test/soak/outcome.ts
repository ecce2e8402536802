import BetterSqlite3 from 'better-sqlite3';
import { join } from 'node:path';
import type { HexDigest } from '#shared/domain/hash.ts';
import { sourceCode } from '#shared/domain/source.ts';
import { statusOfCode, type Status } from '#shared/domain/status.ts';
import { createWorld } from '#main/simulators/server/world.ts';
import type { LoggedRequest } from '#main/simulators/port.ts';
import type { SimulatedSource } from '#main/simulators/start.ts';

/** What one source ended with, compared with what its simulator would say and with what it saw. */
export interface SoakOutcome {
  readonly answered: number;
  readonly notKnown: number;
  readonly pending: number;
  readonly couldNotAsk: number;
  /** Hashes whose status is not what the simulator says; the first few are named. */
  readonly wrong: readonly string[];
  /** Hashes without an item of this source. */
  readonly missing: readonly string[];
  /** Requests that a killed process left unanswered. */
  readonly lost: number;
  /** Requests in the ledger, and those that reached the simulator. */
  readonly reserved: number;
  readonly arrived: number;
  /** Hashes that reached the simulator more often than the ledger holds requests with them. */
  readonly unrecorded: readonly string[];
}

interface StoredItem {
  readonly status: number;
  readonly no_answer: number | null;
  readonly scanned_at: number;
}

/** Compares the database of a directory with one simulator. Nothing may be asking any more. */
export function soakOutcome(
  directory: string,
  source: SimulatedSource,
  digests: readonly HexDigest[],
  seen: { readonly seed: number; readonly name: string; readonly log: readonly LoggedRequest[] },
): SoakOutcome {
  const db = new BetterSqlite3(join(directory, 'assay.db'), { readonly: true });
  try {
    const items = itemsBySha256(db, sourceCode(source));
    const expected = expectedStatus(seen.name, seen.seed);
    const found = { answered: 0, notKnown: 0, pending: 0, couldNotAsk: 0 };
    const wrong: string[] = [];
    const missing: string[] = [];
    for (const digest of digests) {
      const item = items.get(digest);
      if (item === undefined) {
        missing.push(digest);
      } else if (item.no_answer === 2) {
        found.couldNotAsk += 1;
      } else {
        const status: Status | 'not-known' = item.no_answer === 1 ? 'not-known' : statusOfCode(item.status);
        found[status === 'not-known' ? 'notKnown' : status === 'pending' ? 'pending' : 'answered'] += 1;
        if (!expected(digest, item.scanned_at * 1000).includes(status)) {
          wrong.push(`${digest}: ${status}`);
        }
      }
    }
    return { ...found, wrong, missing, ...comparedLogs(db, sourceCode(source), seen.log) };
  } finally {
    db.close();
  }
}

function itemsBySha256(db: BetterSqlite3.Database, source: number): Map<string, StoredItem> {
  const rows = db
    .prepare<[number], StoredItem & { readonly sha256: string }>(
      `SELECT lower(hex(files.sha256)) AS sha256, status, no_answer, scanned_at
       FROM items JOIN files ON files.id = items.file_id WHERE source = ? AND files.sha256 IS NOT NULL`,
    )
    .all(source);
  return new Map(rows.map((row) => [row.sha256, row]));
}

/** What a simulator with this name and seed may have said: a pending file is decided some time after it was first asked for. */
function expectedStatus(name: string, seed: number): (digest: string, at: number) => string[] {
  return (digest, at) => {
    const said = (now: number): string => world(now).find(digest)?.status ?? 'not-known';
    const first = said(at);
    if (first !== 'pending') {
      return [first];
    }
    return ['pending', 'malicious', 'non-malicious'];
  };
  function world(now: number) {
    return createWorld({ name, seed, now: () => now });
  }
}

function comparedLogs(
  db: BetterSqlite3.Database,
  source: number,
  log: readonly LoggedRequest[],
): Pick<SoakOutcome, 'lost' | 'reserved' | 'arrived' | 'unrecorded'> {
  const recorded = new Map<string, number>();
  let reserved = 0;
  let lost = 0;
  const rows = db
    .prepare<[number], { digests: Buffer; digest_bytes: number; outcome: number | null }>(
      'SELECT digests, digest_bytes, outcome FROM requests WHERE source = ? AND digest_bytes > 0',
    )
    .all(source);
  for (const { digests, digest_bytes: bytes, outcome } of rows) {
    reserved += 1;
    // The last of the outcomes: reserved and perhaps sent by a process that ended before it heard the answer.
    lost += outcome === 9 ? 1 : 0;
    for (let at = 0; at < digests.length; at += bytes) {
      const digest = digests.toString('hex', at, at + bytes);
      recorded.set(digest, (recorded.get(digest) ?? 0) + 1);
    }
  }
  const arrivals = new Map<string, number>();
  for (const digest of log.flatMap(({ hashes }) => hashes)) {
    const key = digest.toLowerCase();
    arrivals.set(key, (arrivals.get(key) ?? 0) + 1);
  }
  const unrecorded = [...arrivals].filter(([digest, times]) => times > (recorded.get(digest) ?? 0)).map(([one]) => one);
  return { lost, reserved, arrived: log.length, unrecorded };
}
