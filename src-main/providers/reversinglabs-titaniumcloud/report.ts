import { plainText } from '../own-words.ts';
import type { Entry } from './schema.ts';
import { utcSeconds } from './utc-time.ts';

const LONGEST_TEXT = 120;

/** What is worth keeping of an entry. Times are seconds since the epoch; what was not said is left out. */
export function compactReport(entry: Entry): Readonly<Record<string, unknown>> {
  const { classification } = entry;
  return said({
    status: text(entry.status),
    threatLevel: entry.threat_level,
    trustFactor: entry.trust_factor,
    reason: text(entry.reason),
    threat: text(entry.threat_name),
    platform: text(classification?.platform),
    type: text(classification?.type),
    family: text(classification?.family_name),
    scanners: entry.scanner_count,
    flaggedBy: entry.scanner_match,
    firstSeen: utcSeconds(entry.first_seen),
    lastSeen: utcSeconds(entry.last_seen),
  });
}

/** Text of the service as it may be shown, or null when it is empty. */
export function text(value: string | null | undefined): string | null {
  return value === null || value === undefined ? null : plainText(value, LONGEST_TEXT) || null;
}

function said(fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null && value !== undefined));
}
