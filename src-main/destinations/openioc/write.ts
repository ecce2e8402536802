import { TERM_KINDS, type Term } from '#shared/domain/indicator.ts';
import type { PackageContent, TermForm, TermForms } from './port.ts';
import { uuidsIn } from '../../platform/uuid-v5.ts';
import { xmlAttribute, xmlChars, xmlText } from './xml-text.ts';

const NAMESPACE = 'http://schemas.mandiant.com/2010/ioc';
const AUTHOR = 'Assay';
/** The end of the year 9999: four digits are all a date of XML Schema needs to be read everywhere. */
const LATEST = 253_402_300_799_000;

/**
 * An OpenIOC 1.0 document that is met when any of the terms is. The same content gives the same bytes, in whatever order
 * the terms come and however often; ids of items follow from the root id, so that an item keeps its id as long as it is
 * there. Digests are written in upper case. A document without terms would say nothing and is thrown as a defect: what
 * holds nothing is removed instead.
 *
 * Order of elements and attributes: github.com/mandiant/OpenIOC_1.1 and the documents of its downgrade to 1.0.
 */
export function writeOpenIoc(content: PackageContent, forms: TermForms): string {
  const idOf = uuidsIn(content.rootId);
  const items = new Map(
    sorted(content.terms).flatMap((term) => forms[term.kind].flatMap((form) => itemOf(idOf, term, form))),
  );
  if (items.size === 0) {
    throw new RangeError('An OpenIOC document needs at least one term.');
  }
  const at = dateOf(content.modifiedAt);
  return [
    '<?xml version="1.0" encoding="utf-8"?>',
    `<ioc xmlns="${NAMESPACE}" id="${xmlAttribute(content.rootId)}" last-modified="${at}">`,
    `  <short_description>${xmlText(content.name)}</short_description>`,
    `  <description>${xmlText(content.description)}</description>`,
    '  <keywords/>',
    `  <authored_by>${AUTHOR}</authored_by>`,
    `  <authored_date>${at}</authored_date>`,
    '  <links/>',
    '  <definition>',
    `    <Indicator operator="OR" id="${idOf('definition')}">`,
    ...items.values(),
    '    </Indicator>',
    '  </definition>',
    '</ioc>',
    '',
  ].join('\n');
}

/** By kind, then value, each once. */
function sorted(terms: readonly Term[]): readonly Term[] {
  const unique = new Map(terms.map((term) => [`${TERM_KINDS.indexOf(term.kind)} ${term.value}`, term]));
  return [...unique].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, term]) => term);
}

/**
 * An item by its id; what is written alike is one item. A value of which nothing can be written is none: an item without
 * a value could be met by everything.
 */
function itemOf(idOf: (name: string) => string, term: Term, form: TermForm): readonly (readonly [string, string])[] {
  const text = xmlChars(isDigest(term) ? term.value.toUpperCase() : term.value);
  if (text.trim() === '') {
    return [];
  }
  const value = xmlText(text);
  const id = idOf([form.document, form.search, form.contentType, form.condition, value].join('\n'));
  const context = `document="${xmlAttribute(form.document)}" search="${xmlAttribute(form.search)}" type="mir"`;
  const item = [
    `      <IndicatorItem id="${id}" condition="${form.condition}">`,
    `        <Context ${context}/>`,
    `        <Content type="${xmlAttribute(form.contentType)}">${value}</Content>`,
    '      </IndicatorItem>',
  ];
  return [[id, item.join('\n')]];
}

function isDigest({ kind }: Term): boolean {
  return kind === 'md5' || kind === 'sha1' || kind === 'sha256';
}

/** `YYYY-MM-DDTHH:MM:SS` of UTC, without a zone, as OpenIOC 1.0 has it. */
function dateOf(at: number): string {
  const inRange = Number.isFinite(at) ? Math.min(Math.max(at, 0), LATEST) : 0;
  return new Date(inRange).toISOString().slice(0, 19);
}
