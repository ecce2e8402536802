import { createHash } from 'node:crypto';
import type { FileRecord } from '../server/world.ts';
import { LABELS, riskOf, RULES_THERE_ARE } from './risk.ts';

const DAY_MS = 86_400_000;
const FIRST_DAY = Date.UTC(2016, 0, 1);
const DAYS_OF_FILES = 3900;
const FAMILIES: readonly [string, ...string[]] = ['Alderbot', 'Birchloader', 'Cedarlocker', 'Elmstealer', 'Hazelrat'];
const ALGORITHM: Readonly<Record<number, string>> = { 32: 'MD5', 40: 'SHA-1', 64: 'SHA-256' };

/** What comes when nothing is asked for by name. */
const DEFAULT_FIELDS = 'entity,risk,timestamps';

/** `data` of `GET /v2/hash/{hash}`: the fields that were asked for. `now`: milliseconds since the epoch. */
export function hashCard(
  hash: string,
  record: FileRecord,
  fields: string | null,
  now: number,
): Readonly<Record<string, unknown>> {
  const all = cardOf(hash, record, now);
  const wanted = new Set((fields ?? DEFAULT_FIELDS).split(',').map((field) => field.trim()));
  return Object.fromEntries(Object.entries(all).filter(([name]) => wanted.has(name)));
}

function cardOf(hash: string, record: FileRecord, now: number): Readonly<Record<string, unknown>> {
  const first = firstSeen(record, now);
  const last = Math.max(first, now - Math.floor(record.draw.at(4) * 60) * DAY_MS);
  return {
    entity: { id: `hash:${hash}`, name: hash, type: 'Hash' },
    risk: riskCard(record, now),
    timestamps: { firstSeen: new Date(first).toISOString(), lastSeen: new Date(last).toISOString() },
    intelCard: `https://app.recordedfuture.com/live/sc/entity/hash%3A${hash}`,
    hashAlgorithm: ALGORITHM[hash.length] ?? '',
    relatedEntities: related(record),
    links: { hits: [] },
    metrics: [{ type: 'totalHits', value: 1 + Math.floor(record.draw.at(6) * 400) }],
    sightings: [],
  };
}

function riskCard(record: FileRecord, now: number): unknown {
  const { score, level, rules } = riskOf(record);
  return {
    criticalityLabel: LABELS[level],
    riskString: `${rules.length}/${RULES_THERE_ARE}`,
    rules: rules.length,
    criticality: level,
    riskSummary: `${rules.length} of ${RULES_THERE_ARE} Risk Rules currently observed.`,
    score,
    evidenceDetails: rules.map((rule) => ({
      mitigationString: '',
      evidenceString: `${rule.sightings} sightings on 1 source: Simulated Source.`,
      rule: rule.name,
      criticality: rule.level,
      timestamp: new Date(now - rule.daysAgo * DAY_MS).toISOString(),
      criticalityLabel: LABELS[rule.level],
    })),
  };
}

/** Digests of the file, digests of other files, and malware that is mentioned in the same places. */
function related(record: FileRecord): readonly unknown[] {
  const { md5, sha1, sha256, draw } = record;
  const sha512 = createHash('sha512').update(`simulated file ${sha256}`).digest('hex');
  const another = (algorithm: string): string => createHash(algorithm).update(`another than ${sha256}`).digest('hex');
  const hashes = (names: readonly string[]): readonly unknown[] =>
    names.map((name, n) => ({ count: 90 - n, entity: { id: `hash:${name}`, name, type: 'Hash' } }));
  const family = FAMILIES[Math.floor(draw.at(5) * FAMILIES.length)] ?? FAMILIES[0];
  const malware = [
    { count: 2, entity: { id: 'Sim001', name: 'Sprucetool', type: 'Malware' } },
    { count: 7, entity: { id: 'Sim002', name: family, type: 'Malware' } },
  ];
  const category = [{ count: 5, entity: { id: 'Sim003', name: 'Trojan', type: 'MalwareCategory' } }];
  return [
    { entities: hashes([another('sha256'), another('sha1'), another('md5')]), type: 'RelatedHash' },
    { entities: hashes([sha1, sha512, sha256, md5]), type: 'FileHashes' },
    ...(record.status === 'malicious' || record.status === 'suspicious'
      ? [
          { entities: category, type: 'RelatedMalwareCategory' },
          { entities: malware, type: 'RelatedMalware' },
        ]
      : []),
  ];
}

function firstSeen({ draw }: FileRecord, now: number): number {
  const drawn = FIRST_DAY + Math.floor(draw.at(3) * DAYS_OF_FILES) * DAY_MS;
  return Math.min(drawn, Math.floor(now / DAY_MS) * DAY_MS - DAY_MS);
}
