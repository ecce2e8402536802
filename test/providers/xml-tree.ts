import { SaxesParser } from 'saxes';

/** An element with its text or its children, whose order is not told. */
export interface XmlNode {
  readonly name: string;
  readonly text: string;
  readonly children: readonly XmlNode[];
}

/**
 * A document as a tree, for comparing two: children sorted, white space around texts gone. Text when it is no
 * well-formed XML or declares a document type.
 */
export function xmlTree(document: string): XmlNode | 'no XML' {
  const top: XmlNode[] = [];
  const path: { name: string; text: string; children: XmlNode[] }[] = [];
  const parser = new SaxesParser({ position: false });
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('doctype', () => {
    throw new Error('a document type');
  });
  parser.on('opentag', ({ name }) => path.push({ name, text: '', children: [] }));
  parser.on('text', (text) => {
    const open = path.at(-1);
    if (open !== undefined) {
      open.text += text;
    }
  });
  parser.on('closetag', () => {
    const closed = path.pop();
    if (closed !== undefined) {
      const children = closed.children.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
      (path.at(-1)?.children ?? top).push({ name: closed.name, text: closed.text.trim(), children });
    }
  });
  try {
    parser.write(document.trimStart()).close();
  } catch {
    return 'no XML';
  }
  return top[0] ?? 'no XML';
}
