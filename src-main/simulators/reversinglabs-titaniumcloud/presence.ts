import type { FileRecord } from '../server/world.ts';

/** One file as TCA-0101 tells of it, word for word. */
export type Presence = Readonly<Record<string, unknown>>;

/** What a question may ask for besides the status; both are off unless asked for. */
export interface Wanted {
  readonly extended: boolean;
  readonly showHashes: boolean;
}

export type HashType = 'md5' | 'sha1' | 'sha256';

const FAMILIES: readonly [string, ...string[]] = ['Alder', 'Birch', 'Cedar', 'Elm', 'Hazel', 'Larch', 'Maple', 'Rowan'];
const TYPES: readonly [string, ...string[]] = ['Trojan', 'Ransomware', 'Backdoor', 'Downloader', 'Worm'];
const SCANNERS = 32;
const FIRST_DAY = Date.UTC(2015, 0, 1);
const DAY_MS = 86_400_000;
const DAYS_OF_FILES = 11 * 365;
/** Digests are repeated in upper case this often; clients must not mind. */
const UPPER_CASE_SHARE = 0.05;

/** What is said about the digest that was asked for; `now` is milliseconds since the epoch. */
export function presenceOf(
  asked: { readonly hash: string; readonly type: HashType },
  record: FileRecord | null,
  wanted: Wanted,
  now: number,
): Presence {
  // There is no word for a file that is still being looked at: it is not known yet.
  if (record === null || record.status === 'pending') {
    return { status: 'UNKNOWN', query_hash: { [asked.type]: asked.hash } };
  }
  const { md5, sha1, sha256, draw } = record;
  const cased = (hex: string): string => (draw.at(6) < UPPER_CASE_SHARE ? hex.toUpperCase() : hex);
  const status = { malicious: 'MALICIOUS', suspicious: 'SUSPICIOUS', 'non-malicious': 'KNOWN' }[record.status];
  return {
    status,
    query_hash: { [asked.type]: cased(asked.hash) },
    ...(wanted.showHashes ? { md5: cased(md5), sha1: cased(sha1), sha256: cased(sha256) } : {}),
    ...(wanted.extended ? extended(record, status, now) : {}),
  };
}

function extended({ draw }: FileRecord, status: string, now: number): Presence {
  const isBad = status !== 'KNOWN';
  const matches = status === 'MALICIOUS' ? 5 + Math.floor(draw.at(0) * 25) : status === 'SUSPICIOUS' ? 2 : 0;
  return {
    ...(isBad ? threat(draw.at(1), draw.at(2), status === 'MALICIOUS') : {}),
    threat_level: status === 'MALICIOUS' ? 3 + Math.floor(draw.at(3) * 3) : isBad ? 1 + Math.floor(draw.at(3) * 3) : 0,
    trust_factor: isBad ? 5 : Math.floor(draw.at(4) ** 2 * 6),
    reason: isBad ? 'antivirus' : 'hash',
    scanner_count: SCANNERS,
    scanner_match: matches,
    scanner_percent: (100 * matches) / SCANNERS,
    ...seen(draw.at(5), now),
  };
}

function threat(family: number, type: number, isMalicious: boolean): Presence {
  const name = FAMILIES[Math.floor(family * FAMILIES.length)] ?? FAMILIES[0];
  const kind = TYPES[Math.floor(type * TYPES.length)] ?? TYPES[0];
  return {
    threat_name: isMalicious ? `Win32.${kind}.${name}` : `Win32.PUA.${name}`,
    classification: {
      platform: 'Win32',
      type: isMalicious ? kind : 'PUA',
      is_generic: false,
      family_name: name,
    },
  };
}

/** Times come without a zone. */
function seen(share: number, now: number): Presence {
  const first = Math.min(FIRST_DAY + Math.floor(share * DAYS_OF_FILES) * DAY_MS, now - DAY_MS);
  const text = (at: number): string => new Date(at).toISOString().slice(0, 19);
  return { first_seen: text(first), last_seen: text(Math.max(first, now - Math.floor(share * 30) * DAY_MS)) };
}
