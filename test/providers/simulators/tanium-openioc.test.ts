import { describe, expect, it } from 'vitest';
import { readOpenIoc } from '#main/simulators/tanium/document/openioc.ts';
import { parseXml } from '#main/simulators/tanium/document/xml.ts';
import { openIoc, ROOT } from './tanium-stage.ts';

const read = (xml: string) => readOpenIoc(parseXml(Buffer.from(xml)));
const GOOD = openIoc(ROOT, ['A'.repeat(32), 'B'.repeat(32)]);

/** The good document with one place changed. */
const changed = (from: string, to: string): string => {
  expect(GOOD).toContain(from);
  return GOOD.replace(from, to);
};

describe('OpenIOC 1.0', () => {
  it('reads its id, name, description and what it searches for', () => {
    const term = { document: 'FileItem', search: 'FileItem/Md5sum', contentType: 'md5', condition: 'is' };
    expect(read(GOOD)).toEqual({
      id: ROOT,
      version: '1.0',
      name: 'a package',
      description: 'for tests',
      terms: [
        { ...term, content: 'A'.repeat(32) },
        { ...term, content: 'B'.repeat(32) },
      ],
    });
  });

  it('takes a document without all that may be missing', () => {
    const bare = GOOD.replace(/<short_description>.*<links\/>/, '');
    expect(read(bare)).toMatchObject({ id: ROOT, name: '', description: '' });
  });

  it.each([
    ['is no OpenIOC document', 'http://schemas.mandiant.com/2010/ioc', 'http://schemas.mandiant.com/2011/ioc'],
    ['of <ioc> is no GUID', `id="${ROOT}" last`, 'last'],
    ['of <ioc> is no GUID', `id="${ROOT}"`, 'id="1"'],
    ['is no date without a zone', 'last-modified="2026-03-01T12:00:00"', 'last-modified="2026-03-01T12:00:00Z"'],
    ['is no date without a zone', 'last-modified="2026-03-01T12:00:00"', 'last-modified="2026-13-01T12:00:00"'],
    ['is no date without a zone', '<authored_date>2026-03-01T12:00:00', '<authored_date>yesterday'],
    ['attribute author of <ioc>', `id="${ROOT}"`, `id="${ROOT}" author="x"`],
    ['<description> in the wrong place', '<links/>', '<links/><description/>'],
    ['<note> in the wrong place', '<links/>', '<note/>'],
    ['<links> in the wrong place', '<links/>', '<links/><links/>'],
    ['text in <ioc>', '<links/>', '<links/>x'],
    ['no <definition>', GOOD.slice(GOOD.indexOf('<definition>'), -'</ioc>'.length), ''],
    ['exactly one <Indicator>', '</Indicator>', '</Indicator><Indicator/>'],
    ['operator "XOR"', '"OR"', '"XOR"'],
    ['twice', 'bbbbbbbbbbb2', 'bbbbbbbbbbb1'],
    ['condition "matches"', 'condition="is"', 'condition="matches"'],
    ['attribute negate of <IndicatorItem>', 'condition="is"', 'condition="is" negate="false"'],
    ['is not <Context> and <Content>', '<Context document="FileItem" search="FileItem/Md5sum" type="mir"/>', ''],
    ['<Context> with document "PortItem"', 'document="FileItem"', 'document="PortItem"'],
    ['<Context> with document', 'type="mir"', 'type="event"'],
    ['<Content> without a type or a text', `>${'A'.repeat(32)}<`, '> <'],
    ['<Content> without a type or a text', ' type="md5"', ''],
    ['<Item> in <Indicator>', '<IndicatorItem', '<Item/><IndicatorItem'],
    ['of namespace "urn:x"', '<Content type', '<Content xmlns="urn:x" type'],
  ])('refuses: %s', (message, from, to) => {
    expect(() => read(changed(from, to))).toThrow(message);
  });

  it('refuses a document that searches for nothing', () => {
    expect(() => read(openIoc(ROOT, []))).toThrow('an <Indicator> without items');
  });
});

describe('OpenIOC 1.1', () => {
  const eleven = (item: string): string =>
    `<OpenIOC xmlns="http://openioc.org/schemas/OpenIOC_1.1" id="${ROOT}" last-modified="2026-03-01T12:00:00" ` +
    `published-date="2026-03-01T12:00:00"><metadata><short_description>new</short_description></metadata>` +
    `<criteria><Indicator operator="OR" id="${ROOT.replace('a', 'b')}">${item}</Indicator></criteria><parameters/></OpenIOC>`;
  const item = (condition: string): string =>
    `<IndicatorItem id="${ROOT.replace('a', 'c')}" condition="${condition}" preserve-case="false" negate="false">` +
    `<Context document="DnsEntryItem" search="DnsEntryItem/RecordName" type="mir"/><Content type="string">a.test</Content></IndicatorItem>`;

  it('is read, too', () => {
    expect(read(eleven(item('starts-with')))).toMatchObject({
      version: '1.1',
      name: 'new',
      terms: [{ search: 'DnsEntryItem/RecordName', condition: 'starts-with', content: 'a.test' }],
    });
  });

  it('has conditions of its own', () => {
    expect(() => read(eleven(item('isnot')))).toThrow('condition "isnot"');
  });
});
