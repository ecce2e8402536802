import type { SetMark } from '#shared/domain/evidence.ts';

/** Files of one rating step of a job. */
export interface RatingStep {
  /** The lowest rating in it; null for files without a rating. */
  readonly from: number | null;
  readonly name: string;
  readonly mark: SetMark;
}

const WHOLE = [0, 1, 2, 3, 4, 5];

/**
 * The steps a job's files are kept by: one per whole rating, and one that begins where the user lets them raise a verdict,
 * so that no step holds files of both kinds. A file belongs to the highest step that is not above its rating. `raiseFrom`
 * null: none raises anything.
 */
export function ratingSteps(raiseFrom: number | null): readonly RatingStep[] {
  const starts = [...new Set(raiseFrom === null ? WHOLE : [...WHOLE, raiseFrom])].sort((a, b) => a - b);
  return [
    { from: null, name: 'ThreatConnect unrated', mark: 'known' },
    ...starts.map((from): RatingStep => ({
      from,
      name: `ThreatConnect rating ${from}`,
      mark: raiseFrom !== null && from >= raiseFrom ? 'known-bad' : 'known',
    })),
  ];
}

/** The place among `steps` of a file rated so. */
export function stepOf(steps: readonly RatingStep[], rating: number | null): number {
  // Steps stand in ascending order behind the one for no rating.
  return rating === null ? 0 : steps.findLastIndex(({ from }) => from !== null && from <= Math.max(rating, 0));
}
