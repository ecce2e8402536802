import type { SearchTerm } from '../port.ts';
import type { XmlElement } from './xml.ts';

/** What a valid OpenIOC document says. */
export interface OpenIoc {
  readonly id: string;
  readonly version: '1.0' | '1.1';
  readonly name: string;
  readonly description: string;
  readonly terms: readonly SearchTerm[];
}

/** The document does not keep to the rules of its format; the message says where. */
export class OpenIocError extends Error {}

interface Dialect {
  readonly version: OpenIoc['version'];
  readonly root: string;
  readonly namespace: string;
  /** Children of the root in their order. */
  readonly children: readonly string[];
  /** The one that holds the searched-for values. */
  readonly definition: string;
  readonly conditions: readonly string[];
  readonly itemAttributes: readonly string[];
  readonly rootAttributes: readonly string[];
}

const METADATA = ['short_description', 'description', 'keywords', 'authored_by', 'authored_date', 'links'];
const DIALECTS: readonly Dialect[] = [
  {
    version: '1.0',
    root: 'ioc',
    namespace: 'http://schemas.mandiant.com/2010/ioc',
    children: [...METADATA, 'definition'],
    definition: 'definition',
    conditions: ['is', 'isnot', 'contains', 'containsnot'],
    itemAttributes: ['id', 'condition'],
    rootAttributes: ['id', 'last-modified'],
  },
  {
    version: '1.1',
    root: 'OpenIOC',
    namespace: 'http://openioc.org/schemas/OpenIOC_1.1',
    children: ['metadata', 'criteria', 'parameters'],
    definition: 'criteria',
    conditions: ['is', 'contains', 'matches', 'starts-with', 'ends-with', 'greater-than', 'less-than'],
    itemAttributes: ['id', 'condition', 'preserve-case', 'negate'],
    rootAttributes: ['id', 'last-modified', 'published-date'],
  },
];
const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const DATE = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}$/;

/** Reads OpenIOC 1.0 or 1.1 by the published rules, forgiving nothing. Throws OpenIocError. */
export function readOpenIoc(root: XmlElement): OpenIoc {
  const dialect = DIALECTS.find((each) => each.root === root.name && each.namespace === root.namespace);
  if (dialect === undefined) {
    throw new OpenIocError(`<${root.name}> of namespace "${root.namespace}" is no OpenIOC document`);
  }
  const reader = { dialect, ids: new Set<string>(), terms: [] as SearchTerm[] };
  const id = ownId(reader, root);
  allow(root, dialect.rootAttributes);
  if (!isDate(root.attributes.get('last-modified'))) {
    throw new OpenIocError('last-modified of the root element is no date without a zone');
  }
  const children = inOrder(root, dialect.children, dialect);
  const definition = children.get(dialect.definition);
  if (definition === undefined) {
    throw new OpenIocError(`no <${dialect.definition}>`);
  }
  readDefinition(reader, definition);
  const metadata = dialect.version === '1.0' ? children : metadataOf(children.get('metadata'), dialect);
  return {
    id,
    version: dialect.version,
    name: metadata.get('short_description')?.text ?? '',
    description: metadata.get('description')?.text ?? '',
    terms: reader.terms,
  };
}

interface Reader {
  readonly dialect: Dialect;
  readonly ids: Set<string>;
  readonly terms: SearchTerm[];
}

function metadataOf(metadata: XmlElement | undefined, dialect: Dialect): ReadonlyMap<string, XmlElement> {
  return metadata === undefined ? new Map() : inOrder(metadata, METADATA, dialect);
}

function readDefinition(reader: Reader, definition: XmlElement): void {
  elementOnly(definition);
  const [indicator, another] = definition.children;
  if (indicator === undefined || another !== undefined || indicator.name !== 'Indicator') {
    throw new OpenIocError(`<${definition.name}> does not hold exactly one <Indicator>`);
  }
  readIndicator(reader, indicator);
}

function readIndicator(reader: Reader, indicator: XmlElement): void {
  elementOnly(indicator);
  sameNamespace(indicator, reader.dialect);
  ownId(reader, indicator);
  allow(indicator, ['id', 'operator']);
  const operator = indicator.attributes.get('operator') ?? '';
  if (operator !== 'OR' && operator !== 'AND') {
    throw new OpenIocError(`operator "${operator}"`);
  }
  if (indicator.children.length === 0) {
    throw new OpenIocError('an <Indicator> without items');
  }
  for (const child of indicator.children) {
    if (child.name === 'Indicator') {
      readIndicator(reader, child);
    } else if (child.name === 'IndicatorItem') {
      readItem(reader, child);
    } else {
      throw new OpenIocError(`<${child.name}> in <Indicator>`);
    }
  }
}

function readItem(reader: Reader, item: XmlElement): void {
  const { dialect } = reader;
  elementOnly(item);
  sameNamespace(item, dialect);
  ownId(reader, item);
  allow(item, dialect.itemAttributes);
  const condition = item.attributes.get('condition') ?? '';
  if (!dialect.conditions.includes(condition)) {
    throw new OpenIocError(`condition "${condition}"`);
  }
  const [context, content, more] = item.children;
  if (context?.name !== 'Context' || content?.name !== 'Content' || more !== undefined) {
    throw new OpenIocError('an <IndicatorItem> that is not <Context> and <Content>');
  }
  sameNamespace(context, dialect);
  sameNamespace(content, dialect);
  reader.terms.push({ ...readContext(context), ...readContent(content), condition });
}

function readContext(context: XmlElement): Pick<SearchTerm, 'document' | 'search'> {
  allow(context, ['document', 'search', 'type']);
  const document = context.attributes.get('document') ?? '';
  const search = context.attributes.get('search') ?? '';
  if (context.attributes.get('type') !== 'mir' || document === '' || !search.startsWith(`${document}/`)) {
    throw new OpenIocError(`<Context> with document "${document}" and search "${search}"`);
  }
  if (context.children.length > 0 || context.text.trim() !== '') {
    throw new OpenIocError('<Context> is not empty');
  }
  return { document, search };
}

function readContent(content: XmlElement): Pick<SearchTerm, 'contentType' | 'content'> {
  allow(content, ['type']);
  const contentType = content.attributes.get('type') ?? '';
  if (contentType === '' || content.children.length > 0 || content.text.trim() === '') {
    throw new OpenIocError('<Content> without a type or a text');
  }
  return { contentType, content: content.text };
}

/** Children by name, when each stands at most once and in this order. */
function inOrder(parent: XmlElement, names: readonly string[], dialect: Dialect): ReadonlyMap<string, XmlElement> {
  elementOnly(parent);
  const found = new Map<string, XmlElement>();
  let last = -1;
  for (const child of parent.children) {
    sameNamespace(child, dialect);
    const place = names.indexOf(child.name);
    if (place <= last) {
      throw new OpenIocError(`<${child.name}> in the wrong place of <${parent.name}>`);
    }
    last = place;
    found.set(child.name, child);
  }
  const date = found.get('authored_date')?.text;
  if (date !== undefined && !isDate(date)) {
    throw new OpenIocError('<authored_date> is no date without a zone');
  }
  return found;
}

function ownId(reader: Reader, element: XmlElement): string {
  const id = element.attributes.get('id') ?? '';
  if (!GUID.test(id)) {
    throw new OpenIocError(`id "${id}" of <${element.name}> is no GUID`);
  }
  if (reader.ids.has(id.toLowerCase())) {
    throw new OpenIocError(`id "${id}" twice`);
  }
  reader.ids.add(id.toLowerCase());
  return id;
}

function allow(element: XmlElement, names: readonly string[]): void {
  const other = [...element.attributes.keys()].find((name) => !names.includes(name) && !name.startsWith('{'));
  if (other !== undefined) {
    throw new OpenIocError(`attribute ${other} of <${element.name}>`);
  }
}

function sameNamespace(element: XmlElement, dialect: Dialect): void {
  if (element.namespace !== dialect.namespace) {
    throw new OpenIocError(`<${element.name}> of namespace "${element.namespace}"`);
  }
}

function elementOnly(element: XmlElement): void {
  if (element.text.trim() !== '') {
    throw new OpenIocError(`text in <${element.name}>`);
  }
}

function isDate(text: string | undefined): boolean {
  return text !== undefined && DATE.test(text) && !Number.isNaN(Date.parse(`${text}Z`));
}
