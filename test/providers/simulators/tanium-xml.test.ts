import { describe, expect, it } from 'vitest';
import { parseXml } from '#main/simulators/tanium/document/xml.ts';

const parse = (xml: string) => parseXml(Buffer.from(xml));

describe('well-formed documents', () => {
  it('reads elements, attributes, text, CDATA, references and namespaces', () => {
    const root = parse(
      `\uFEFF<?xml version="1.0" encoding="UTF-8"?>\r\n<!-- a comment --><?target text?>\n` +
        `<a xmlns="urn:one" xmlns:p="urn:two" x='"1" &amp; &#x41;&#66;' p:y="a\nb" xml:lang="en">` +
        `t&lt;&gt;&quot;&apos;<![CDATA[<&>]]>\r\nü<p:b/><c xmlns="" /></a>\n<!---->`,
    );
    expect(root).toEqual({
      name: 'a',
      namespace: 'urn:one',
      attributes: new Map([
        ['x', '"1" & AB'],
        ['{urn:two}y', 'a b'],
        ['{http://www.w3.org/XML/1998/namespace}lang', 'en'],
      ]),
      text: `t<>"'<&>\nü`,
      children: [
        { name: 'b', namespace: 'urn:two', attributes: new Map(), text: '', children: [] },
        { name: 'c', namespace: '', attributes: new Map(), text: '', children: [] },
      ],
    });
  });
});

describe('what is not well-formed', () => {
  it.each([
    ['no element', ''],
    ['text outside of the root element', 'x<a/>'],
    ['text outside of the root element', '<a/>x'],
    ['second root element', '<a/><b/>'],
    ['<a> is not closed', '<a>'],
    ['</b> closes <a>', '<a></b>'],
    ['outside of the root element', '<a/></a>'],
    ['outside of the root element', '<![CDATA[x]]><a/>'],
    ['document type', '<!DOCTYPE a [<!ENTITY b "c">]><a/>'],
    ['&b is no reference', '<a>&b;</a>'],
    ['& b is no reference', '<a>a & b</a>'],
    ['&constructor is no reference', '<a>&constructor;</a>'],
    ['&#0 is no reference', '<a>&#0;</a>'],
    ['&#x1F is no reference', '<a b="&#x1F;"/>'],
    ['&#xD800 is no reference', '<a>&#xD800;</a>'],
    ['&#x110000 is no reference', '<a>&#x110000;</a>'],
    ['character that XML does not allow', '<a>\u0001</a>'],
    ['character that XML does not allow', '<a>\uFFFF</a>'],
    [']]> in text', '<a>]]></a>'],
    ['-- in a comment', '<a><!-- -- --></a>'],
    ['-- in a comment', '<a><!-- ---></a>'],
    ['no -->', '<a><!-- </a>'],
    ['attribute b twice', '<a b="1" b="2"/>'],
    ['no space before an attribute', '<a b="1"c="2"/>'],
    ['< in an attribute', '<a b="<"/>'],
    ['attribute value without quotes', '<a b=1/>'],
    ['no =', '<a b/>'],
    ['no name', '<1/>'],
    ['no name', '< a/>'],
    ['prefix of p:a is not declared', '<p:a/>'],
    ['prefix of :a is not declared', '<:a xmlns="u"/>'],
    ['xmlns: declares nothing', '<a xmlns:="u"/>'],
    ['xmlns:p declares nothing', '<a xmlns:p=""/>'],
    ['xmlns:xml declares nothing', '<a xmlns:xml="u"/>'],
    ['malformed instruction', '<?p:q?><a/>'],
    ['malformed instruction', '<?p/?><a/>'],
    ['prefix of p:b is not declared', '<a p:b="1"/>'],
    ['XML declaration after the beginning', '<a/><?xml version="1.0"?>'],
    ['malformed XML declaration', '<?xml encoding="utf-8"?><a/>'],
    ['encoding latin1', '<?xml version="1.0" encoding="latin1"?><a/>'],
    ['nested too deeply', '<a>'.repeat(65)],
  ])('%s: %s', (message, xml) => {
    expect(() => parse(xml)).toThrow(message);
  });

  it('bytes that are not UTF-8', () => {
    expect(() => parseXml(Buffer.from('<a>\u00fc</a>', 'latin1'))).toThrow('not UTF-8');
  });
});
