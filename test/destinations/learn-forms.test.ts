import { describe, expect, it } from 'vitest';
import { DOCUMENTED_FORMS } from '#main/destinations/openioc/documented-forms.ts';
import { learnForms } from '#main/destinations/openioc/learn-forms.ts';
import { writeOpenIoc } from '#main/destinations/openioc/write.ts';

const NS = 'http://schemas.mandiant.com/2010/ioc';

interface Made {
  readonly condition?: string;
  readonly search?: string;
  readonly type?: string;
  readonly value: string;
  readonly also?: string;
}

function item({ condition = 'is', search = 'PortItem/remoteIP', type = 'IP', value, also = '' }: Made): string {
  const [document] = search.split('/');
  return `<IndicatorItem id="i" condition="${condition}"${also}><Context document="${document}" search="${search}" type="mir"/><Content type="${type}">${value}</Content></IndicatorItem>`;
}

function ioc(inside: string, operator = 'OR'): string {
  return `\uFEFF<?xml version="1.0"?>\n<ioc xmlns="${NS}" id="r"><definition><Indicator operator="${operator}" id="d">${inside}</Indicator></definition></ioc>`;
}

const IP = '203.0.113.7';

describe('forms of a server', () => {
  it('are those of every item that holds the value, each once', () => {
    const xml = ioc(
      [
        item({ value: IP }),
        item({ value: IP, search: 'ProcessItem/PortList/PortItem/remoteIP', condition: 'contains' }),
        item({ value: IP }),
        item({ value: '198.51.100.9', search: 'Network/DNS' }),
      ].join('\n'),
    );
    expect(learnForms(xml, 'ipv4', IP)).toEqual([
      { document: 'PortItem', search: 'PortItem/remoteIP', contentType: 'IP', condition: 'is' },
      {
        document: 'ProcessItem',
        search: 'ProcessItem/PortList/PortItem/remoteIP',
        contentType: 'IP',
        condition: 'contains',
      },
    ]);
  });

  it('are found in another case, after white space, in CDATA, with a prefix and the dot of the root', () => {
    const xml = `<o:OpenIOC xmlns:o="http://openioc.org/schemas/OpenIOC_1.1"><o:criteria><o:Indicator operator="or"><o:IndicatorItem condition="IS" negate="false"><o:Context document="DnsEntryItem" search="DnsEntryItem/RecordName" type="endpoint"/><o:Content type="string"> <![CDATA[Bad.Example.]]>\n</o:Content></o:IndicatorItem></o:Indicator></o:criteria></o:OpenIOC>`;
    expect(learnForms(xml, 'host', 'bad.example')).toEqual(DOCUMENTED_FORMS.host);
  });

  it('are read back from documents of our own', () => {
    const xml = writeOpenIoc(
      {
        rootId: '3f1c2a9e-7d4b-5e60-9a11-0c2d3e4f5a6b',
        name: 'n',
        description: '',
        modifiedAt: 0,
        terms: [{ kind: 'sha256', value: 'ab'.repeat(32) }],
      },
      DOCUMENTED_FORMS,
    );
    expect(learnForms(xml, 'sha256', 'ab'.repeat(32))).toEqual(DOCUMENTED_FORMS.sha256);
  });

  it.each([
    ['another value', ioc(item({ value: '203.0.113.70' }))],
    ['a condition that excludes', ioc(item({ value: IP, condition: 'isnot' }))],
    ['a negated item', ioc(item({ value: IP, also: ' negate="true"' }))],
    ['an item that needs another one', ioc(item({ value: IP }) + item({ value: '443', type: 'int' }), 'AND')],
    ['a search that is no path', ioc(item({ value: IP, search: 'Port Item&lt;' }))],
    ['a document without items', ioc('')],
    ['half a document', ioc(item({ value: IP })).slice(0, -8)],
    ['a document type', ioc(item({ value: IP })).replace('?>', '?><!DOCTYPE ioc [<!ENTITY a "b">]>')],
    ['an entity of its own', ioc(item({ value: IP })).replace('remoteIP', '&a;')],
    ['nesting without end', `${'<a>'.repeat(40)}${item({ value: IP })}${'</a>'.repeat(40)}`],
    ['more than a document about one value', `${ioc(item({ value: IP }))}${' '.repeat(1024 * 1024)}`],
    ['a page', '<!DOCTYPE html><html><body>203.0.113.7</body></html>'],
    ['nothing', ''],
  ])('are not learned from %s', (_, xml) => {
    expect(learnForms(xml, 'ipv4', IP)).toBeNull();
  });
});
