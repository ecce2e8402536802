import { SaxesParser } from 'saxes';

/** An element as it stands: children in their order, attributes without the namespace declarations. */
export interface Element {
  readonly name: string;
  readonly namespace: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly Element[];
  readonly text: string;
}

interface Building extends Element {
  readonly children: Element[];
  text: string;
}

const NAMESPACE = 'http://schemas.mandiant.com/2010/ioc';
const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const DATE = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}$/;
const CONDITIONS = ['is', 'isnot', 'contains', 'containsnot'];
const METADATA = [
  'short_description',
  'description',
  'keywords',
  'authored_by',
  'authored_date',
  'links',
  'definition',
] as const;

/** The document as a tree; throws when it is not well-formed XML 1.0 in namespaces. */
export function elementsOf(xml: string): Element {
  const parser = new SaxesParser({ xmlns: true });
  const open: Building[] = [];
  let root: Element | undefined;
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', (tag) => {
    const attributes = Object.fromEntries(
      Object.values(tag.attributes)
        .filter(({ prefix, name }) => prefix !== 'xmlns' && name !== 'xmlns')
        .map(({ name, value }) => [name, value]),
    );
    const element: Building = { name: tag.local, namespace: tag.uri, attributes, children: [], text: '' };
    open.at(-1)?.children.push(element);
    root ??= element;
    open.push(element);
  });
  parser.on('text', (text) => {
    const inside = open.at(-1);
    if (inside !== undefined) {
      inside.text += text;
    }
  });
  parser.on('closetag', () => void open.pop());
  parser.write(xml).close();
  if (root === undefined) {
    throw new Error('no element');
  }
  return root;
}

/** What of a document breaks the published rules of OpenIOC 1.0; empty when nothing does. */
export function brokenRules(root: Element): string[] {
  const broken: string[] = [];
  const rule = (holds: boolean, what: string): void => void (holds || broken.push(what));
  const all = everyElement(root);
  rule(root.name === 'ioc', 'the root is called ioc');
  rule(
    all.every(({ namespace }) => namespace === NAMESPACE),
    'everything is in the namespace',
  );
  rule(sameKeys(root, ['id', 'last-modified']), 'the root has an id and a date');
  rule(GUID.test(root.attributes['id'] ?? ''), 'the root id is a GUID');
  rule(DATE.test(root.attributes['last-modified'] ?? ''), 'the date has no zone');
  rule(names(root).join() === METADATA.join(), 'children in order');
  const [definition] = root.children.slice(-1);
  rule(names(definition).join() === 'Indicator', 'one indicator in the definition');
  const [indicator] = definition?.children ?? [];
  rule(indicator !== undefined && sameKeys(indicator, ['id', 'operator']), 'an indicator has an id and an operator');
  rule(indicator?.attributes['operator'] === 'OR', 'the operator is OR');
  const items = indicator?.children ?? [];
  rule(items.length > 0 && items.every(({ name }) => name === 'IndicatorItem'), 'an indicator holds items');
  items.forEach((item) => brokenItemRules(item).forEach((what) => broken.push(what)));
  const ids = all.flatMap(({ attributes }) => attributes['id'] ?? []);
  rule(ids.length === new Set(ids).size, 'every id is there once');
  rule(
    ids.every((id) => GUID.test(id)),
    'every id is a GUID',
  );
  return broken;
}

/** `document search type value` of every item, in order. */
export function termsIn(root: Element): string[] {
  return everyElement(root)
    .filter(({ name }) => name === 'IndicatorItem')
    .map(({ children: [context, content], attributes }) =>
      [
        context?.attributes['document'],
        context?.attributes['search'],
        content?.attributes['type'],
        attributes['condition'],
        content?.text,
      ].join(' '),
    );
}

function brokenItemRules(item: Element): string[] {
  const [context, content] = item.children;
  const holds =
    sameKeys(item, ['condition', 'id']) &&
    CONDITIONS.includes(item.attributes['condition'] ?? '') &&
    names(item).join() === 'Context,Content' &&
    context !== undefined &&
    content !== undefined &&
    sameKeys(context, ['document', 'search', 'type']) &&
    context.attributes['type'] === 'mir' &&
    context.children.length === 0 &&
    (context.attributes['search'] ?? '').startsWith(`${context.attributes['document']}/`) &&
    sameKeys(content, ['type']) &&
    content.children.length === 0;
  return holds ? [] : [`an item is a context and a content: ${JSON.stringify(item)}`];
}

function everyElement(element: Element): Element[] {
  return [element, ...element.children.flatMap(everyElement)];
}

function names(element: Element | undefined): string[] {
  return element?.children.map(({ name }) => name) ?? [];
}

function sameKeys({ attributes }: Element, keys: readonly string[]): boolean {
  return Object.keys(attributes).sort().join() === keys.join();
}
