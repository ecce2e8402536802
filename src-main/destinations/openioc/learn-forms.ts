import { SaxesParser, type SaxesTagNS } from 'saxes';
import type { TermKind } from '#shared/domain/indicator.ts';
import type { TermForm } from './port.ts';

/** A document about one value has a few kB; more is no answer to that. */
const LONGEST = 1024 * 1024;
const DEEPEST = 32;
/** Paths of documented terms are far shorter, and hold nothing else. */
const NAME = /^[\w.:-]{1,80}$/;
const PATH = /^[\w.:/-]{1,300}$/;

interface Item {
  readonly condition: string;
  /** Stands in groups of alternatives alone, and is not negated: met by itself, it meets the whole. */
  readonly isEnough: boolean;
  document: string;
  search: string;
  contentType: string;
  value: string;
}

/**
 * How a server wrote one value: the forms of all items of its OpenIOC (1.0 or 1.1) that hold that value and suffice by
 * themselves, in the document's order, each once. Null when there is none, or when the document is not well-formed,
 * declares a document type, or is longer or deeper than one about a single value: nothing is learned from half a
 * document.
 */
export function learnForms(xml: string, kind: TermKind, value: string): readonly TermForm[] | null {
  const items = readItems(xml);
  const wanted = comparable(value, kind);
  const forms = items
    .filter((item) => item.isEnough && comparable(item.value, kind) === wanted)
    .flatMap((item) => formOf(item) ?? []);
  const unique = [...new Map(forms.map((form) => [JSON.stringify(form), form])).values()];
  return unique.length === 0 ? null : unique;
}

/** Case says nothing in any of the kinds; a host may end in the dot of the root. */
function comparable(value: string, kind: TermKind): string {
  const plain = value.trim().toLowerCase();
  return kind === 'host' ? plain.replace(/\.$/, '') : plain;
}

function formOf({ document, search, contentType, condition }: Item): TermForm | null {
  if ((condition !== 'is' && condition !== 'contains') || !NAME.test(document) || !PATH.test(search)) {
    return null;
  }
  return NAME.test(contentType) ? { document, search, contentType, condition } : null;
}

function readItems(xml: string): readonly Item[] {
  if (xml.length > LONGEST) {
    return [];
  }
  const reader = createReader();
  try {
    reader.parser.write(xml.replace(/^[\s\uFEFF]+/, '')).close();
  } catch {
    // Not well-formed or refused: what was read until there is not to be trusted either.
    return [];
  }
  return reader.items;
}

/** Thrown out of the parser for what is well-formed and refused all the same. */
class Refused extends Error {}

/** Where the parser is, and what it found. */
interface Reading {
  readonly items: Item[];
  /** Operators of the groups around the present element. */
  readonly groups: string[];
  depth: number;
  item: Item | null;
  isContent: boolean;
}

function createReader(): { readonly parser: SaxesParser<{ xmlns: true; position: false }>; readonly items: Item[] } {
  const parser = new SaxesParser({ xmlns: true, position: false });
  const reading: Reading = { items: [], groups: [], depth: 0, item: null, isContent: false };
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('doctype', () => {
    throw new Refused();
  });
  const onText = (text: string): void => {
    if (reading.item !== null && reading.isContent) {
      reading.item.value += text;
    }
  };
  parser.on('text', onText);
  parser.on('cdata', onText);
  parser.on('opentag', (tag) => open(reading, tag));
  parser.on('closetag', (tag) => close(reading, tag));
  return { parser, items: reading.items };
}

function open(reading: Reading, tag: SaxesTagNS): void {
  reading.depth += 1;
  if (reading.depth > DEEPEST) {
    throw new Refused();
  }
  const { item } = reading;
  if (tag.local === 'Indicator') {
    reading.groups.push(attribute(tag, 'operator').toUpperCase());
  } else if (tag.local === 'IndicatorItem') {
    reading.item = itemOf(tag, reading.groups);
  } else if (item !== null && tag.local === 'Context') {
    item.document = attribute(tag, 'document');
    item.search = attribute(tag, 'search');
  } else if (item !== null && tag.local === 'Content') {
    item.contentType = attribute(tag, 'type');
    reading.isContent = true;
  }
}

function close(reading: Reading, tag: SaxesTagNS): void {
  reading.depth -= 1;
  if (tag.local === 'Indicator') {
    reading.groups.pop();
  } else if (tag.local === 'Content') {
    reading.isContent = false;
  } else if (tag.local === 'IndicatorItem' && reading.item !== null) {
    reading.items.push(reading.item);
    reading.item = null;
  }
}

function itemOf(tag: SaxesTagNS, groups: readonly string[]): Item {
  return {
    condition: attribute(tag, 'condition').toLowerCase(),
    isEnough: groups.every((operator) => operator === 'OR') && attribute(tag, 'negate').toLowerCase() !== 'true',
    document: '',
    search: '',
    contentType: '',
    value: '',
  };
}

function attribute(tag: SaxesTagNS, name: string): string {
  return tag.attributes[name]?.value ?? '';
}
