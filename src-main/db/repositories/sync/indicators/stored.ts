import type { HoldReason, IndicatorType, Term, TermKind } from '#shared/domain/indicator.ts';
import type { IndicatorRow, PulledRow } from '../types.ts';

/** Columns that an indicator has in `sync_pulled` and in `sync_indicators`, in this order. */
export const INDICATOR_COLUMNS =
  'type, summary, terms, owner, rating, confidence, threat_assess, false_positives, tags, modified_at, link';

/** A row of `sync_pulled` or `sync_indicators` as it is stored. */
interface StoredIndicator {
  readonly id: number;
  readonly type: IndicatorType;
  readonly summary: string;
  readonly terms: string;
  readonly owner: string;
  readonly rating: number | null;
  readonly confidence: number | null;
  readonly threat_assess: number | null;
  readonly false_positives: number;
  readonly tags: string;
  readonly modified_at: number;
  readonly link: string;
}

export interface StoredPulled extends StoredIndicator {
  readonly gone: PulledRow['gone'];
  readonly invalid: string | null;
}

export interface StoredKnown extends StoredIndicator {
  readonly wanted: number;
  readonly held: HoldReason | null;
  readonly held_by: string;
  readonly released: number;
  readonly recalled: number;
  readonly sent: number;
  readonly sent_terms: string | null;
  readonly sent_rating: number | null;
  readonly sent_confidence: number | null;
  readonly listed_terms: string | null;
  readonly goes: number;
}

/** Terms as stored: `kind:value`, separated by blanks, which no value has. */
export function storedTerms(terms: readonly Term[]): string {
  return terms.map((term) => `${term.kind}:${term.value}`).join(' ');
}

/** Terms of a stored text. */
export function termsOf(stored: string): Term[] {
  return stored === ''
    ? []
    : stored.split(' ').map((term) => {
        const colon = term.indexOf(':');
        return { kind: term.slice(0, colon) as TermKind, value: term.slice(colon + 1) };
      });
}

/** What is bound for INDICATOR_COLUMNS. */
export function indicatorValues(row: Omit<PulledRow, 'gone' | 'invalid'>): (string | number | null)[] {
  return [
    row.type,
    row.summary,
    storedTerms(row.terms),
    row.owner,
    row.rating,
    row.confidence,
    row.threatAssess,
    row.falsePositives,
    JSON.stringify(row.tags),
    row.modifiedAt,
    row.link,
  ];
}

export function toPulled(row: StoredPulled): PulledRow {
  return { ...toIndicator(row), gone: row.gone, invalid: row.invalid };
}

export function toKnown(row: StoredKnown): IndicatorRow {
  return {
    ...toIndicator(row),
    wanted: row.wanted === 1,
    held: row.held,
    heldBy: row.held_by,
    released: row.released === 1,
    recalled: row.recalled === 1,
    sent: row.sent === 1,
    sentTerms: row.sent_terms === null ? null : termsOf(row.sent_terms),
    sentRating: row.sent_rating,
    sentConfidence: row.sent_confidence,
    listedTerms: row.listed_terms === null ? null : termsOf(row.listed_terms),
    goes: row.goes === 1,
  };
}

function toIndicator(row: StoredIndicator): Omit<PulledRow, 'gone' | 'invalid'> {
  return {
    id: row.id,
    type: row.type,
    summary: row.summary,
    terms: termsOf(row.terms),
    owner: row.owner,
    rating: row.rating,
    confidence: row.confidence,
    threatAssess: row.threat_assess,
    falsePositives: row.false_positives,
    tags: JSON.parse(row.tags) as string[],
    modifiedAt: row.modified_at,
    link: row.link,
  };
}
