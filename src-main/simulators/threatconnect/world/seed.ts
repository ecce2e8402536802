import { seededRandom } from '../../server/draw.ts';
import { drawIdentity } from './draw-value.ts';
import { storedIndicator, type IndicatorFields, type IndicatorTypeName, type StoredIndicator } from './indicator.ts';
import { SAMPLE_FILES } from './samples.ts';
import type { SimulatedOwner } from './owner-book.ts';

/** Owners of a seeded instance. The last one may not be read. */
export const SEEDED_OWNERS: readonly SimulatedOwner[] = [
  { id: 1, name: 'Example Corp', type: 'Organization', permIndicator: 'FULL' },
  { id: 2, name: 'Common Community', type: 'Community', permIndicator: 'READ' },
  { id: 3, name: 'Open "Feed", daily', type: 'Source', permIndicator: 'READ' },
  { id: 4, name: 'Café des Menaces', type: 'Source', permIndicator: 'READ' },
  { id: 5, name: 'Closed Circle', type: 'Community', permIndicator: 'NONE' },
];

/** Names that break careless quoting, and two that differ in case alone. */
const TAGS: readonly string[] = [
  'phishing',
  'Phishing',
  'ransomware',
  'APT 99',
  'Command and Control',
  `O'Malley`,
  'Operation "Paper Bag"',
  String.raw`share\temp`,
  'loader, second stage',
  'Überwachung',
  'マルウェア',
  'do not block',
  'T1566.001 - Spearphishing Attachment',
  '100% certain',
  'under_score',
  'x'.repeat(128),
];
/** Types by weight; nine of ten are of the three kinds most clients want. */
const TYPES: readonly IndicatorTypeName[] = [
  ...Array.from<IndicatorTypeName>({ length: 32 }).fill('Address'),
  ...Array.from<IndicatorTypeName>({ length: 30 }).fill('File'),
  ...Array.from<IndicatorTypeName>({ length: 28 }).fill('Host'),
  ...(['URL', 'URL', 'EmailAddress', 'ASN', 'CIDR', 'Email Subject', 'Hashtag', 'Mutex'] as const),
  ...(['Registry Key', 'User Agent'] as const),
];
const DAY_MS = 86_400_000;
const OLDEST_DAYS = 200;
/** Combinations of tags are shared between indicators, as a hundred thousand lists of their own would take much room. */
const TAG_LISTS = 400;

/**
 * So many indicators of several owners, the same for the same seed and moment. Ids have gaps; three in a hundred stand a
 * second time with another owner, four are inactive. The first ones are files of the sample lists.
 */
export function* seededIndicators(count: number, seed: number, now: number): Generator<StoredIndicator> {
  const random = seededRandom(seed ^ 0x7c0de);
  const lists = Array.from({ length: TAG_LISTS }, () => tagList(random));
  let id = 1000;
  let before: StoredIndicator | null = null;
  for (let n = 0; n < count; n += 1) {
    id += 1 + Math.floor(random() * 3);
    const owner = ownerAt(random());
    const fields = drawnFields(random, lists, now);
    const isDouble: boolean = before !== null && n > SAMPLE_FILES.length && random() < 0.03 && before.owner !== owner;
    const row: StoredIndicator =
      isDouble && before !== null ? { ...before, ...fields, id, owner } : drawn(n, id, { owner, fields, random, now });
    before = isDouble ? null : row;
    yield row;
  }
}

function drawn(
  n: number,
  id: number,
  parts: {
    readonly owner: string;
    readonly fields: IndicatorFields;
    readonly random: () => number;
    readonly now: number;
  },
): StoredIndicator {
  const { owner, fields, random, now } = parts;
  const sample = SAMPLE_FILES[n];
  if (sample !== undefined) {
    const [md5, sha1, sha256] = sample;
    // Found by the criteria a job starts with: active, rated and new.
    const told = { ...fields, rating: 4, confidence: 80, active: true, falsePositives: 0, lastModified: now - DAY_MS };
    return storedIndicator({ ...told, owner: 'Example Corp', type: 'File', md5, sha1, sha256 }, id, now);
  }
  const type = TYPES[Math.floor(random() * TYPES.length)] ?? 'Host';
  return storedIndicator({ ...fields, owner, type, ...drawIdentity(type, n, random) }, id, now);
}

function drawnFields(random: () => number, lists: readonly (readonly string[])[], now: number): IndicatorFields {
  // More of them are new than old.
  const lastModified = now - Math.floor(random() ** 2 * OLDEST_DAYS * DAY_MS);
  const falsePositives = random() < 0.1 ? 1 + Math.floor(random() * 12) : 0;
  return {
    rating: random() < 0.85 ? Math.round(random() * 10) / 2 : null,
    confidence: random() < 0.8 ? Math.floor(random() * 101) : null,
    threatAssess: random() < 0.8 ? Math.floor(random() * 1001) : null,
    falsePositives,
    lastFalsePositive: falsePositives === 0 ? null : lastModified,
    observations: Math.floor(random() ** 4 * 500),
    tags: lists[Math.floor(random() * lists.length)] ?? [],
    active: random() >= 0.04,
    privateFlag: random() < 0.02,
    description: random() < 0.3 ? 'Seen in "mail" & chats.' : null,
    source: random() < 0.2 ? 'https://intel.example/report?id=7' : null,
    dateAdded: lastModified - Math.floor(random() * 100 * DAY_MS),
    lastModified,
  };
}

function tagList(random: () => number): readonly string[] {
  const most = random() < 0.3 ? 0 : 1 + Math.floor(random() * 4);
  const drawnTags = Array.from({ length: most }, () => TAGS[Math.floor(random() * TAGS.length)] ?? '');
  return [...new Set(drawnTags)];
}

function ownerAt(share: number): string {
  const index = share < 0.3 ? 0 : share < 0.55 ? 1 : share < 0.75 ? 2 : share < 0.95 ? 3 : 4;
  return SEEDED_OWNERS[index]?.name ?? 'Example Corp';
}
