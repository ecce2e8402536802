import * as fc from 'fast-check';
import type { ReportRow } from '#main/destinations/report/port.ts';
import { STATUSES } from '#shared/domain/status.ts';
import { answer, answered, digestsOf, reportRow } from './content.ts';

/** Columns of the lists that hostile rows come from. */
export const COLUMNS = ['name', 'size', 'Comment, "quoted"\n=1+1'] as const;

/** Texts made to break forms: formulas, markup, escapes, control characters, halves of characters, turned writing. */
export const hostileText = fc.oneof(
  fc.constantFrom(
    '=cmd|"/c calc"!A1',
    '+1',
    '-2+3',
    '@SUM(A1)',
    '\t=1',
    '\r\n=1',
    '</script><script>alert(1)</script>',
    '<![CDATA[x]]>&amp;&#0;',
    "'; DROP TABLE x; --",
    "a' OR file:name = 'b",
    '\\',
    '"',
    '_x0041_',
    '_x005F_x0041_',
    '\u0000\u0001\u001f\u007f',
    '\ufffe\uffff',
    '\ud800',
    'a\udc00b',
    '\u2028\u2029',
    'gpj.\u202eexe',
    '{"assayReport":1,"seal":"assay-seal:',
    `assay-seal:${'0'.repeat(65)}`,
    '__proto__',
    'naïve 日本語 😀',
    ' ',
  ),
  fc.string({ unit: 'binary', maxLength: 24 }),
  fc.string({ maxLength: 24 }),
);

/** Some rows with such texts everywhere, each with digests of its own. */
export const hostileRows: fc.Arbitrary<ReportRow[]> = fc
  .array(
    fc.record({
      kinds: fc.constantFrom('sha256', 'sha1', 'md5', 'all', 'asserted'),
      status: fc.constantFrom(...STATUSES),
      name: hostileText,
      size: fc.oneof(fc.nat().map(String), hostileText),
      comment: hostileText,
      note: hostileText,
      tag: hostileText,
      file: hostileText,
      threat: hostileText,
    }),
    { maxLength: 6 },
  )
  .map((all) => all.map((parts, seed) => hostileRow(seed, parts)));

/**
 * Digests (strongest first), name and note of a row, as reading the report gives them: digests that only a list ties
 * together come one by one, name and note with the first.
 */
export function readBack({ digests, digestLink, carried, note }: ReportRow): [string[], string, string][] {
  const all = [digests.sha256, digests.sha1, digests.md5].filter((hex) => hex !== undefined);
  const name = (carried[0] ?? '').trim() === '' ? '' : (carried[0] ?? '').toWellFormed();
  const text = note.toWellFormed();
  return digestLink === 'asserted'
    ? all.map((hex, place) => [[hex], place === 0 ? name : '', place === 0 ? text : ''])
    : [[all, name, text]];
}

interface Parts {
  readonly kinds: string;
  readonly status: (typeof STATUSES)[number];
  readonly name: string;
  readonly size: string;
  readonly comment: string;
  readonly note: string;
  readonly tag: string;
  readonly file: string;
  readonly threat: string;
}

function hostileRow(seed: number, parts: Parts): ReportRow {
  const digests = digestsOf(seed);
  const isWhole = parts.kinds === 'all' || parts.kinds === 'asserted';
  const kind = isWhole ? 'sha256' : (parts.kinds as 'sha256' | 'sha1' | 'md5');
  return reportRow(seed, {
    hash: digests[kind],
    kind,
    digests: isWhole ? digests : { [kind]: digests[kind] },
    digestLink: parts.kinds === 'asserted' ? 'asserted' : parts.kinds === 'all' ? 'computed' : 'single',
    verdict: answered(parts.status),
    triaged: answered(parts.status),
    carried: [parts.name, parts.size, parts.comment],
    note: parts.note,
    tags: parts.tag === '' ? [] : [parts.tag],
    file: parts.file,
    where: [{ file: parts.file, line: seed }],
    answers: [answer({ threat: parts.threat, rawCode: parts.threat })],
    listEntries: [{ side: 'malicious', reason: parts.comment }],
  });
}
