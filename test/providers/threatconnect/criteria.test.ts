import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PulledIndicator } from '#main/providers/indicator-port.ts';
import { buildTql, checkQuery, checkTql, whyNotMatching } from '#main/providers/indicators.ts';
import { defaultSyncJob, type SyncJobConfig } from '#shared/settings/sync-job.ts';

const job = (change: Partial<SyncJobConfig> = {}): SyncJobConfig => ({ ...defaultSyncJob(), ...change });
const tql = (change: Partial<SyncJobConfig> = {}, since: number | null = null, includeInactive = false): string =>
  buildTql(job(change), { since, includeInactive });
const SINCE = Date.UTC(2026, 9, 23, 9, 0, 0, 900);
const TYPES = 'typeName in ("Address", "File", "Host")';

describe('the query of a job', () => {
  it.each<[string, Partial<SyncJobConfig>, string]>([
    ['nothing chosen', {}, `(${TYPES})`],
    ['types', { types: ['File'] }, '(typeName in ("File"))'],
    [
      'owners',
      { owners: ['Acme', 'O\'Neil \\ "Co"'] },
      `(${TYPES} and ownerName in ("Acme", "O\\'Neil \\\\ \\"Co\\""))`,
    ],
    ['tags', { includeTags: ['APT`1'], excludeTags: ['benign'] }, `(${TYPES} and hasTag(summary in ("APT\\\`1")))`],
    [
      'numbers',
      { minThreatAssess: 500, minConfidence: 60, minRating: 2.555, maxFalsePositives: 3 },
      `(${TYPES} and threatAssessScore >= 500 and confidence >= 60 and rating >= 2.55 and (falsePositiveCount <= 3 or falsePositiveCount is null))`,
    ],
    ['minima of 0, which nothing is below', { minThreatAssess: 0, minConfidence: 0, minRating: 0 }, `(${TYPES})`],
    [
      'no false positives',
      { maxFalsePositives: 0 },
      `(${TYPES} and (falsePositiveCount <= 0 or falsePositiveCount is null))`,
    ],
    ['a line break in a name', { owners: ['a\r\nb'] }, `(${TYPES} and ownerName in ("a b"))`],
  ])('%s', (_, change, expected) => {
    expect(tql(change)).toBe(expected);
  });

  it('names the moment as UTC, whole seconds earlier rather than later', () => {
    expect(tql({}, SINCE)).toBe(`(${TYPES} and lastModified >= "2026-10-23T09:00:00Z")`);
  });

  it('asks for inactive ones too', () => {
    expect(tql({ types: ['Host'] }, SINCE, true)).toBe(
      '(typeName in ("Host") and lastModified >= "2026-10-23T09:00:00Z" and (indicatorActive = true or indicatorActive = false))',
    );
  });

  it('is the own TQL, and Last Modified unless that is switched off', () => {
    const own = { tql: ' typeName = "File"\nor rating > 4 ', types: ['Host'], owners: ['Acme'], minRating: 3 } as const;
    const change = { ...own, types: [...own.types], owners: [...own.owners] };
    expect(tql(change, SINCE)).toBe('((typeName = "File" or rating > 4) and lastModified >= "2026-10-23T09:00:00Z")');
    expect(tql({ ...change, lastModifiedWithTql: false }, SINCE)).toBe('(typeName = "File" or rating > 4)');
    expect(tql(change, null)).toBe('(typeName = "File" or rating > 4)');
  });
});

describe('names of any kind', () => {
  it('stay one text each: what is read back is what was given', () => {
    const name = fc.string({ unit: 'binary', minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(fc.array(name, { minLength: 1, maxLength: 4 }), (owners) => {
        const { texts, outside, deepest } = scanned(tql({ owners, types: ['Host'] }));
        expect(texts).toEqual(['Host', ...owners.map((owner) => owner.replace(/\p{Cc}+/gu, ' '))]);
        expect(outside.replace(/\s/g, '')).toBe(`(typeNamein()andownerNamein(${','.repeat(owners.length - 1)}))`);
        expect(deepest).toBe(2);
      }),
    );
  });
});

describe('a TQL of one’s own', () => {
  it.each([
    ['empty', ''],
    ['simple', 'typeName in ("File")'],
    ['parentheses in a text', 'summary like ")%" or summary = \'(\''],
    ['escaped marks', 'summary = "a\\"b" and summary = \'a\\\'b\' or summary = "\\\\"'],
    ['lines', 'rating > 3\n  and\tconfidence > 50'],
    ['sub-queries', 'hasTag(name in ("A","B")) and (id in (1,2) or id = 3)'],
  ])('%s: fit', (_, text) => {
    expect(checkTql(text)).toBeNull();
  });

  it.each([
    [') or (1=1', 'closes a parenthesis at character 1'],
    ['rating > 3) or (rating < 1', 'closes a parenthesis at character 11'],
    ['(rating > 3', 'leaves a parenthesis open'],
    ['((rating > 3', 'leaves 2 parentheses open'],
    ['summary = "a', 'opens a quotation mark at character 11'],
    ['summary = "a\\"', 'opens a quotation mark at character 11'],
    ['summary = "a\\\\") or ("b"', 'closes a parenthesis at character 16'],
    ['summary = \'a") or ("b', 'opens a quotation mark'],
    ['summary = “a”', 'curved quotation mark at character 11'],
    ['summary = `a`', 'has ` at character 11'],
    ['a \\" ) or ( \\" b', 'opens a quotation mark at character 4'],
    ['a \\" ) or ( " b', 'has \\ at character 3'],
    ['a = 1; b', 'has ; at character 6'],
    ['summary = "a\nb"', 'line break or control character at character 13'],
    ['rating\u0000 > 3', 'control character at character 7'],
    ['summary = "\ud800"', 'half a character'],
  ])('%s: not fit', (text, problem) => {
    expect(checkTql(text)).toContain(problem);
  });

  it('that passes never leaves its parentheses, whatever it is', () => {
    const piece = fc.constantFrom('(', ')', '"', "'", '\\', ' or ', '1=1', '`', 'a', '\n', '“', ';', '\\"', "\\'");
    let fit = 0;
    fc.assert(
      fc.property(fc.array(piece, { minLength: 1, maxLength: 12 }), (pieces) => {
        const text = pieces.join('');
        if (text.trim() === '' || checkTql(text) !== null) {
          return;
        }
        fit += 1;
        const built = tql({ tql: text }, SINCE);
        expect(built.endsWith(' and lastModified >= "2026-10-23T09:00:00Z")')).toBe(true);
        const inside = scanned(built.slice(1, built.indexOf(') and lastModified') + 1));
        expect(inside).toMatchObject({ closesEarly: false, isOpen: false });
      }),
      { numRuns: 3000, seed: 5 },
    );
    expect(fit).toBeGreaterThan(100);
  });
});

describe('names of a job', () => {
  it('with a line break or nothing in them are refused, naming the field', () => {
    expect(checkQuery(job({ owners: ['a\nb'] }))).toContain('ThreatConnect Owners');
    expect(checkQuery(job({ includeTags: [' '] }))).toContain('Include Tags');
    expect(checkQuery(job({ excludeTags: ['a', '\ud800'] }))).toContain('Exclude Tags');
    expect(checkQuery(job({ owners: ['a'], includeTags: ['b'], excludeTags: ['c'] }))).toBeNull();
  });

  it('do not matter beside an own TQL, which does', () => {
    expect(checkQuery(job({ owners: ['a\nb'], tql: 'rating > 3' }))).toBeNull();
    expect(checkQuery(job({ tql: ') or (1=1' }))).toContain('closes a parenthesis');
  });
});

describe('what is matched here', () => {
  const indicator = (change: Partial<PulledIndicator> = {}): PulledIndicator => ({
    id: 1,
    type: 'Host',
    summary: 'a.example',
    terms: [{ kind: 'host', value: 'a.example' }],
    owner: 'Acme',
    rating: 3,
    confidence: 50,
    threatAssess: 400,
    falsePositives: 2,
    tags: ['APT1', 'phishing'],
    modifiedAt: 0,
    active: true,
    link: '',
    invalid: null,
    ...change,
  });

  it.each<[string, Partial<SyncJobConfig>, Partial<PulledIndicator>, string | null]>([
    ['no criteria', {}, { rating: null, confidence: null, threatAssess: null, tags: [] }, null],
    ['its type', { types: ['Host', 'File'] }, {}, null],
    ['another type', { types: ['File'] }, {}, 'its type Host is not among the Indicator Types'],
    ['its owner in other case', { owners: ['ACME'] }, {}, null],
    ['another owner', { owners: ['Other'] }, {}, 'its owner Acme is not among the ThreatConnect Owners'],
    ['a tag in other case', { includeTags: ['x', 'PHISHING'] }, {}, null],
    ['a tag composed otherwise', { includeTags: ['Cafe\u0301'] }, { tags: ['Caf\u00e9'] }, null],
    ['no such tag', { includeTags: ['x'] }, {}, 'it has none of the Include Tags'],
    [
      'an excluded tag',
      { includeTags: ['APT1'], excludeTags: ['Phishing'] },
      {},
      'its tag phishing is among the Exclude Tags',
    ],
    ['excluded tags without tags', { excludeTags: ['x'] }, { tags: [] }, null],
    ['the minimum itself', { minRating: 3, minConfidence: 50, minThreatAssess: 400, maxFalsePositives: 2 }, {}, null],
    ['below the rating', { minRating: 3.5 }, {}, 'its rating 3 is below 3.5'],
    ['no rating', { minRating: 1 }, { rating: null }, 'it has no rating'],
    ['no rating, and a minimum of 0', { minRating: 0 }, { rating: null }, null],
    ['below the confidence', { minConfidence: 51 }, {}, 'its confidence 50 is below 51'],
    ['below the score', { minThreatAssess: 401 }, {}, 'its ThreatAssess score 400 is below 401'],
    ['too many false positives', { maxFalsePositives: 1 }, {}, '2 false positives are more than 1'],
    [
      'an own TQL, which replaces all of them',
      { tql: 'rating > 0', types: ['File'], minRating: 5, excludeTags: ['APT1'] },
      {},
      null,
    ],
  ])('%s', (_, change, row, expected) => {
    expect(whyNotMatching(job(change), indicator(row))).toBe(expected);
  });
});

/** Reads a query one character at a time, by the documented rules, apart from the product's own reading. */
function scanned(text: string): {
  texts: string[];
  outside: string;
  deepest: number;
  closesEarly: boolean;
  isOpen: boolean;
} {
  const texts: string[] = [];
  let [outside, mark, current, depth, deepest, closesEarly] = ['', '', '', 0, 0, false];
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (mark !== '') {
      if (character === '\\') {
        at += 1;
        current += text.charAt(at);
      } else if (character === mark) {
        texts.push(current);
        mark = '';
        current = '';
      } else {
        current += character;
      }
    } else if (character === '"' || character === "'") {
      mark = character;
    } else {
      outside += character;
      depth += character === '(' ? 1 : character === ')' ? -1 : 0;
      deepest = Math.max(deepest, depth);
      closesEarly ||= depth < 1 && at < text.length - 1;
    }
  }
  return { texts, outside, deepest, closesEarly, isOpen: mark !== '' || depth !== 0 };
}
