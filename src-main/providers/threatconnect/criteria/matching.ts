import type { SyncJobConfig } from '#shared/settings/sync-job.ts';
import type { PulledIndicator } from '../../indicator-port.ts';

type Criteria = Pick<
  SyncJobConfig,
  | 'types'
  | 'owners'
  | 'includeTags'
  | 'excludeTags'
  | 'minThreatAssess'
  | 'minConfidence'
  | 'minRating'
  | 'maxFalsePositives'
  | 'tql'
>;

type Judged = Pick<
  PulledIndicator,
  'type' | 'owner' | 'tags' | 'threatAssess' | 'confidence' | 'rating' | 'falsePositives'
>;

/**
 * Why an indicator does not match the criteria of a job, as a short phrase; null when it does. This decides, whatever the
 * server made of the query. Names are compared without regard to case; a minimum of 0 asks for nothing, any other is not
 * reached without a value. With a TQL of the user's own there are no criteria to match.
 */
export function whyNotMatching(criteria: Criteria, indicator: Judged): string | null {
  if (criteria.tql.trim() !== '') {
    return null;
  }
  const { types, owners, maxFalsePositives } = criteria;
  if (types.length > 0 && !types.includes(indicator.type)) {
    return `its type ${indicator.type} is not among the Indicator Types`;
  }
  if (owners.length > 0 && !folded(owners).has(fold(indicator.owner))) {
    return `its owner ${indicator.owner} is not among the ThreatConnect Owners`;
  }
  return (
    whyTags(criteria, indicator.tags) ??
    whyBelow('ThreatAssess score', indicator.threatAssess, criteria.minThreatAssess) ??
    whyBelow('confidence', indicator.confidence, criteria.minConfidence) ??
    whyBelow('rating', indicator.rating, criteria.minRating) ??
    (maxFalsePositives !== null && indicator.falsePositives > maxFalsePositives
      ? `${indicator.falsePositives} false positives are more than ${maxFalsePositives}`
      : null)
  );
}

function whyTags({ includeTags, excludeTags }: Criteria, tags: readonly string[]): string | null {
  const excluded = folded(excludeTags);
  const excluding = tags.find((tag) => excluded.has(fold(tag)));
  if (excluding !== undefined) {
    return `its tag ${excluding} is among the Exclude Tags`;
  }
  const included = folded(includeTags);
  return includeTags.length === 0 || tags.some((tag) => included.has(fold(tag)))
    ? null
    : 'it has none of the Include Tags';
}

function whyBelow(what: string, value: number | null, least: number | null): string | null {
  if (least === null || least <= 0) {
    return null;
  }
  if (value === null) {
    return `it has no ${what}`;
  }
  return value < least ? `its ${what} ${value} is below ${least}` : null;
}

const known = new WeakMap<readonly string[], ReadonlySet<string>>();

/** Made once per list: it is looked at for every row of a pull. */
function folded(names: readonly string[]): ReadonlySet<string> {
  const found = known.get(names) ?? new Set(names.map(fold));
  known.set(names, found);
  return found;
}

function fold(name: string): string {
  return name.normalize('NFC').trim().toLowerCase();
}
