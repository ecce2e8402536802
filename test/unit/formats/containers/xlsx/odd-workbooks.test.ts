import { describe, expect, test } from 'vitest';
import { xlsx } from '#main/formats/containers/xlsx/xlsx.ts';
import { openAll } from '../opened.ts';
import { makeWorkbook, type MadeWorkbook, zipOf } from './make-workbook.ts';

const SHA256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

async function open(made: MadeWorkbook) {
  return openAll(xlsx, await makeWorkbook(made));
}

async function textOf(rows: string, more: Omit<MadeWorkbook, 'sheets'> = {}): Promise<string | undefined> {
  const { members, fault } = await open({ ...more, sheets: [{ name: 'S', rows }] });
  expect({ fault, member: members[0]?.fault }).toEqual({ fault: null, member: null });
  return members[0]?.text;
}

const inline = (text: string): string => `<is><t>${text}</t></is>`;

describe('cells', () => {
  test('places with gaps, places that are left out, rows that are left out', async () => {
    const rows =
      `<row r="2"><c r="B2" t="inlineStr">${inline('b')}</c><c t="inlineStr">${inline('c')}</c>` +
      `<c r="E2" t="inlineStr">${inline('e')}</c></row>` +
      `<row><c t="inlineStr">${inline('next')}</c></row><row r="5"><c r="A5"><v>5</v></c><c r="C5" s="3"/></row>`;
    expect(await textOf(rows)).toBe('\n,b,c,,e\nnext,,,,\n\n5,,,,\n');
  });

  test('a row or cell that comes late is read where it stands, and nothing is lost', async () => {
    const rows = '<row r="3"><c r="C3"><v>1</v></c><c r="A3"><v>2</v></c></row><row r="1"><c r="A1"><v>3</v></c></row>';
    expect(await textOf(rows)).toBe('\n\n,,1,2\n3,,,\n');
  });

  test('shared texts, rich text, escapes, CDATA and how a text is pronounced', async () => {
    const texts =
      '<si><t>plain</t></si><si><r><t>ab</t></r><r><rPr><b/></rPr><t xml:space="preserve"> cd</t></r>' +
      '<rPh sb="0" eb="1"><t>spoken</t></rPh><phoneticPr fontId="1"/></si>' +
      '<si><t>two_x000D_\nlines_x005F_x0041_</t></si><si><t><![CDATA[a<b]]>&amp;&#65;</t></si><si/>';
    const cell = (index: number): string => `<c t="s"><v>${index}</v></c>`;
    const rows = `<row>${[0, 1, 2, 3, 4, 0, 99, -1].map(cell).join('')}</row>`;
    expect(await textOf(rows, { texts })).toBe('plain,ab cd,two lines_x0041_,a<b&A,,plain\n');
  });

  test('numbers, truth, errors, formulas and dates', async () => {
    const styles =
      '<numFmts><numFmt numFmtId="164" formatCode="&quot;day&quot; 0"/><numFmt numFmtId="165" formatCode="[$-409]d\\-mmm;@"/>' +
      '<numFmt numFmtId="166" formatCode="[h]:mm"/></numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>' +
      '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="166"/></cellXfs>';
    const cells = [
      '<c><v>0.10000000000000001</v></c>',
      '<c><v>1.2345678901234568E+31</v></c>',
      '<c t="b"><v>1</v></c>',
      '<c t="e"><f>1/0</f><v>#DIV/0!</v></c>',
      '<c t="str"><f>A1&amp;"x"</f><v>0.1x</v></c>',
      '<c t="d"><v>2024-02-29</v></c>',
      '<c s="1"><v>59</v></c>',
      '<c s="1"><v>60</v></c>',
      '<c s="1"><v>61</v></c>',
      '<c s="2"><v>45000</v></c>',
      '<c s="3"><v>45000.75</v></c>',
      '<c s="4"><v>1.5</v></c>',
      '<c s="1"><v>0.5</v></c>',
      '<c s="1"><v>1E+300</v></c>',
      '<c><v>n</v></c>',
    ];
    expect(await textOf(`<row>${cells.join('')}</row>`, { styles })).toBe(
      '0.1,1.234567890123457E+31,TRUE,#DIV/0!,0.1x,2024-02-29,1900-02-28,60,1900-03-01,45000,2023-03-15T18:00:00,1.5,' +
        '12:00:00,1E+300,n\n',
    );
  });

  test('a stray cell far to the right does not widen every row', async () => {
    const rows = '<row><c><v>1</v></c><c r="XFD1"><v>2</v></c></row><row><c><v>3</v></c></row>';
    expect(await textOf(rows)).toBe(`1${','.repeat(16_383)}2\n3${','.repeat(255)}\n`);
  });

  test('a lone cell in the last row keeps its row', async () => {
    const text = await textOf(`<row r="1048576"><c t="inlineStr">${inline(SHA256)}</c></row>`);
    expect(text).toBe(`${'\n'.repeat(1_048_575)}${SHA256}\n`);
  });
});

describe('workbooks', () => {
  test('prefixes, strict namespaces, odd slashes and case, absolute targets', async () => {
    const bytes = await zipOf({
      '_rels\\.rels':
        '<p:Relationships xmlns:p="x"><p:Relationship Id="a" Type="http://purl.oclc.org/ooxml/officeDocument/relationships/officeDocument" Target="Book\\Main.xml"/></p:Relationships>',
      'book/main.xml':
        '\ufeff<x:workbook xmlns:x="http://purl.oclc.org/ooxml/spreadsheetml/main"><x:workbookPr date1904="true"/><x:sheets><x:sheet name="Σ" q:id="z"/></x:sheets></x:workbook>',
      'book/_rels/main.xml.rels':
        '<Relationships><Relationship Id="z" Type="http://purl.oclc.org/ooxml/officeDocument/relationships/worksheet" Target="./../DATA/./One.xml"/></Relationships>',
      'data/one.xml':
        '<x:worksheet xmlns:x="y"><x:sheetData><x:row><x:c t="inlineStr"><x:is><x:t>v</x:t></x:is></x:c></x:row></x:sheetData></x:worksheet>',
    });
    expect(await openAll(xlsx, bytes)).toEqual({
      members: [{ name: 'Σ', text: 'v\n', fault: null }],
      refused: [],
      fault: null,
    });
  });

  test('a sheet that is named and missing is refused, a sheet of charts is no sheet', async () => {
    const opened = await open({
      sheets: [{ name: 'Here', rows: '<row><c><v>1</v></c></row>' }],
      parts: {
        'xl/workbook.xml':
          '<workbook><sheets><sheet name="Gone" r:id="g"/><sheet name="Chart" r:id="c"/><sheet name="Here" r:id="s0"/><sheet name="Nowhere"/></sheets></workbook>',
        'xl/_rels/workbook.xml.rels':
          '<Relationships><Relationship Id="g" Type="x/worksheet" Target="gone.xml"/><Relationship Id="c" Type="x/chartsheet" Target="c.xml"/><Relationship Id="s0" Type="x/worksheet" Target="worksheets/sheet0.xml"/></Relationships>',
      },
    });
    expect(opened.members.map(({ name }) => name)).toEqual(['Here']);
    expect(opened.refused.map(({ name, why }) => [name, why])).toEqual([
      ['Gone', 'damaged'],
      ['Nowhere', 'damaged'],
    ]);
  });

  test('UTF-16 parts', async () => {
    const sheet = `<?xml version="1.0" encoding="UTF-16"?><worksheet><sheetData><row><c t="inlineStr">${inline('wide é')}</c></row></sheetData></worksheet>`;
    const bytes = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(sheet, 'utf16le')]);
    const opened = await openAll(
      xlsx,
      await zipOf({
        'xl/workbook.xml': '<workbook><sheets><sheet name="S" r:id="a"/></sheets></workbook>',
        'xl/_rels/workbook.xml.rels':
          '<Relationships><Relationship Id="a" Type="worksheet" Target="s.xml"/></Relationships>',
        'xl/s.xml': new Blob([bytes]),
      }),
    );
    expect(opened.members[0]).toEqual({ name: 'S', text: 'wide é\n', fault: null });
  });

  test('a binary workbook is refused with what to do', async () => {
    const bytes = await zipOf({
      '_rels/.rels':
        '<Relationships><Relationship Id="a" Type="x/officeDocument" Target="xl/workbook.bin"/></Relationships>',
    });
    expect((await openAll(xlsx, bytes)).fault).toMatch(/\.xlsb\), which is not read: save it as \.xlsx or CSV/);
  });
});
