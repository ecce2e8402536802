import type { DeletedIndicator, IndicatorPage, PulledIndicator } from '../../indicator-port.ts';

/** Takes out of a text what repeats the secret. */
export type Cleaner = (text: string) => string;

/** Shorter ones stand in names by chance. Keys and tokens of ThreatConnect are much longer. */
const SHORTEST = 12;
const INSTEAD = '(key)';

/**
 * What a server repeats of the secret is neither kept nor shown. Only the whole secret counts, as it is or as part of a
 * URL: these texts are values to search for and to compare, and one that merely begins like it must not change.
 */
export function cleanerOf(secret: string): Cleaner {
  const forms = secret.length < SHORTEST ? [] : [...new Set([secret, encodeURIComponent(secret.toWellFormed())])];
  return (text) => forms.reduce((rest, form) => rest.replaceAll(form, () => INSTEAD), text);
}

/** All texts of a page but the place to go on from, which is handed back to the server. */
export function cleanPage(page: IndicatorPage, clean: Cleaner): IndicatorPage {
  return {
    ...page,
    rows: page.rows.map((row) => cleanRow(row, clean)),
    unreadable: page.unreadable.map((row) => ({ ...row, summary: clean(row.summary), owner: clean(row.owner) })),
    unidentified: page.unidentified.map(clean),
  };
}

/** A row; terms hold no text of anybody's. */
function cleanRow(row: PulledIndicator, clean: Cleaner): PulledIndicator {
  return {
    ...row,
    summary: clean(row.summary),
    owner: clean(row.owner),
    tags: row.tags.map(clean),
    link: clean(row.link),
  };
}

/** A deleted one, likewise. */
export function cleanDeleted(deleted: DeletedIndicator, clean: Cleaner): DeletedIndicator {
  return { ...deleted, type: clean(deleted.type), summary: clean(deleted.summary), owner: clean(deleted.owner) };
}
