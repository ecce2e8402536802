import type { HoldReason, Term, WithdrawalReason } from '#shared/domain/indicator.ts';
import type { IndicatorPair, IndicatorRow, PlannedIndicator, PulledRow } from '../../../db/repositories/sync/types.ts';

/** What stands against sending an indicator, and by what. */
export interface Hold {
  readonly reason: HoldReason;
  readonly by: string;
}

/** What a decision depends on beside the two sides of an indicator. */
export interface DecideParts {
  /** By id, for what was pulled, matches and can be sent. */
  readonly holds: ReadonlyMap<number, Hold>;
  /** Owners of which nothing may be withdrawn for not being pulled, because not all of them can be read now. */
  readonly isProtected: (owner: string) => boolean;
}

const NOTHING = { reason: null, why: '', held: null, heldBy: '' } as const;

/**
 * What a run does with one indicator; null when there is nothing to do and nothing to show. A side that is missing on the
 * left means that it was not pulled, which only a run that pulls everything may ask about.
 */
export function decide({ id, pulled, known }: IndicatorPair, parts: DecideParts): PlannedIndicator | null {
  const isThere = known?.sent === true;
  if (pulled === null) {
    return known === null ? null : absent(known, isThere, parts);
  }
  if (pulled.gone === 'unreadable') {
    return unreadable(id, known, pulled.invalid ?? '');
  }
  if (pulled.gone !== null) {
    return known === null ? null : leaving(known, isThere, pulled.gone, '');
  }
  if (pulled.invalid !== null) {
    return known !== null && isThere
      ? leaving(known, isThere, 'invalid', pulled.invalid)
      : { id, ...NOTHING, action: 'invalid', why: pulled.invalid, wanted: false };
  }
  const hold = holdOf(known, parts.holds.get(id) ?? null);
  if (hold !== null && !(known?.released === true && hold.reason !== 'own')) {
    return held(id, isThere, hold);
  }
  const standing = { ...NOTHING, held: hold?.reason ?? null, heldBy: hold?.by ?? '', wanted: true };
  if (!isThere) {
    return { id, ...standing, action: 'new' };
  }
  return { id, ...standing, action: hasChanged(pulled, known) ? 'changed' : 'unchanged' };
}

/** Whether two lists name the same terms in the same order. */
export function sameTerms(one: readonly Term[], other: readonly Term[]): boolean {
  return (
    one.length === other.length &&
    one.every((term, index) => term.kind === other[index]?.kind && term.value === other[index].value)
  );
}

/** It is there, which is all that is known of it: whatever was true of it stays so. */
function unreadable(id: number, known: IndicatorRow | null, why: string): PlannedIndicator {
  const { wanted = false, held: hold = null, heldBy = '' } = known ?? {};
  return { id, action: 'invalid', reason: null, why, wanted, held: hold, heldBy };
}

function absent(known: IndicatorRow, isThere: boolean, parts: DecideParts): PlannedIndicator | null {
  if (!known.wanted && !isThere) {
    return null;
  }
  return parts.isProtected(known.owner)
    ? {
        id: known.id,
        ...NOTHING,
        action: known.goes ? 'unchanged' : 'held',
        reason: known.goes ? null : known.held,
        why: 'Its owner cannot be read now, or not all of it: it stays as it is.',
        wanted: known.wanted,
        held: known.held,
        heldBy: known.heldBy,
      }
    : leaving(known, isThere, 'no-match', '');
}

/** It is taken out where it is there; where it was only known, it is known no longer as one that matches. */
function leaving(
  known: IndicatorRow,
  isThere: boolean,
  reason: WithdrawalReason,
  why: string,
): PlannedIndicator | null {
  if (!isThere && !known.wanted) {
    return null;
  }
  return isThere
    ? { id: known.id, ...NOTHING, action: 'withdrawn', reason, why, wanted: false }
    : { id: known.id, ...NOTHING, action: 'unchanged', wanted: false, shown: false };
}

/** What a person called back stays out whatever else is said of it. */
function holdOf(known: IndicatorRow | null, judged: Hold | null): Hold | null {
  if (judged?.reason === 'own') {
    return judged;
  }
  return known?.recalled === true ? { reason: 'recalled', by: 'Called back.' } : judged;
}

function held(id: number, isThere: boolean, { reason, by }: Hold): PlannedIndicator {
  const standing = { id, why: by, wanted: true, held: reason, heldBy: by };
  return isThere
    ? { ...standing, action: 'withdrawn', reason: reason === 'recalled' ? 'recalled' : 'held' }
    : { ...standing, action: 'held', reason };
}

/** Against what was sent where that is kept, and against what was pulled last for what only labels tell. */
function hasChanged(pulled: PulledRow, known: IndicatorRow | null): boolean {
  return (
    known === null ||
    known.sentTerms === null ||
    !sameTerms(known.sentTerms, pulled.terms) ||
    pulled.rating !== known.sentRating ||
    pulled.confidence !== known.sentConfidence ||
    !sameTexts(pulled.tags, known.tags)
  );
}

function sameTexts(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((text, index) => text === other[index]);
}
