/** Types of indicators, as ThreatConnect spells them. Clients that want some of them have to leave the others out. */
export const INDICATOR_TYPE_NAMES = [
  'Address',
  'EmailAddress',
  'File',
  'Host',
  'URL',
  'ASN',
  'CIDR',
  'Email Subject',
  'Hashtag',
  'Mutex',
  'Registry Key',
  'User Agent',
] as const;
export type IndicatorTypeName = (typeof INDICATOR_TYPE_NAMES)[number];

/** What may change about an indicator. Moments in milliseconds, kept to the second; null is unset. */
export interface IndicatorFields {
  readonly rating: number | null;
  readonly confidence: number | null;
  readonly threatAssess: number | null;
  readonly falsePositives: number;
  readonly lastFalsePositive: number | null;
  readonly observations: number;
  readonly tags: readonly string[];
  readonly active: boolean;
  readonly privateFlag: boolean;
  readonly description: string | null;
  readonly source: string | null;
  readonly dateAdded: number;
  readonly lastModified: number;
}

/** An indicator as the simulated instance keeps it. */
export interface StoredIndicator extends IndicatorFields {
  readonly id: number;
  readonly owner: string;
  readonly type: IndicatorTypeName;
  readonly summary: string;
  /** Upper-case hex; of files only. */
  readonly md5: string | null;
  readonly sha1: string | null;
  readonly sha256: string | null;
  readonly size: number | null;
}

/** An indicator put down by a test. A file takes its digests, in any case; `summary` then is made of them. */
export interface NewIndicator extends Partial<IndicatorFields> {
  /** A free one by default. */
  readonly id?: number;
  /** Made when it is not there, as a source that may be read. */
  readonly owner: string;
  readonly type: IndicatorTypeName;
  readonly summary?: string;
  readonly md5?: string;
  readonly sha1?: string;
  readonly sha256?: string;
  readonly size?: number;
}

/** Completes what was put down. `now`: milliseconds, for what says nothing about its time. */
export function storedIndicator(given: NewIndicator, id: number, now: number): StoredIndicator {
  const digests = [given.md5, given.sha1, given.sha256].map((digest) => digest?.toUpperCase() ?? null);
  const [md5 = null, sha1 = null, sha256 = null] = digests;
  const joined = digests.filter((digest) => digest !== null).join(' : ');
  return {
    id,
    owner: given.owner,
    type: given.type,
    summary: given.summary ?? joined,
    md5,
    sha1,
    sha256,
    size: given.size ?? null,
    ...completed(given, now),
  };
}

function completed(given: NewIndicator, now: number): IndicatorFields {
  return {
    rating: given.rating ?? null,
    confidence: given.confidence ?? null,
    threatAssess: given.threatAssess ?? null,
    falsePositives: given.falsePositives ?? 0,
    lastFalsePositive: seconds(given.lastFalsePositive ?? null),
    observations: given.observations ?? 0,
    tags: given.tags ?? [],
    active: given.active ?? true,
    privateFlag: given.privateFlag ?? false,
    description: given.description ?? null,
    source: given.source ?? null,
    dateAdded: seconds(given.dateAdded ?? given.lastModified ?? now),
    lastModified: seconds(given.lastModified ?? now),
  };
}

function seconds<T extends number | null>(at: T): T {
  return (at === null ? null : Math.floor(at / 1000) * 1000) as T;
}
