import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { xlsx } from '#main/formats/containers/xlsx/xlsx.ts';
import { memorySource, openAll } from '../opened.ts';
import { makeWorkbook, zipOf } from './make-workbook.ts';

const ROW = '<row><c t="inlineStr"><is><t>kept</t></is></c></row>';

async function sheet(rows: string) {
  const { members, fault } = await openAll(xlsx, await makeWorkbook({ sheets: [{ name: 'S', rows }] }));
  expect(fault).toBeNull();
  return members[0];
}

async function sharedTexts(texts: string) {
  return (await openAll(xlsx, await makeWorkbook({ texts, sheets: [{ name: 'S', rows: ROW }] }))).fault;
}

describe('hostile sheets end with a reason, and what came before stands', () => {
  const cases: readonly (readonly [name: string, rows: string, fault: RegExp])[] = [
    ['a row no sheet has', '<row r="1048577"/>', /^damaged: it has a row “1048577”/],
    ['a row that is no number', '<row r="-3"/>', /^damaged: it has a row “-3”/],
    ['a column no sheet has', '<row><c r="XFE1"><v>1</v></c></row>', /^damaged: it has a cell “XFE1”/],
    ['a column of letters without end', `<row><c r="${'Z'.repeat(9_999)}1"/></row>`, /^damaged: it has a cell “Z{20}”/],
    ['nesting', '<a>'.repeat(100), /^limit: .*nested deeper than 64/],
    ['an entity', '<row><c t="str"><v>&laugh;</v></c></row>', /^damaged: its XML is damaged/],
    ['a tag left open', '<row><c>', /^damaged: its XML is damaged/],
    ['a text without end', `<row><c t="str"><v>${'x'.repeat(9_000_000)}</v></c></row>`, /^limit: one piece of its XML/],
    ['a long cell', `<row><c t="str"><v>${'x'.repeat(1_100_000)}</v></c></row>`, /^limit: one of its cells/],
  ];
  test.each(cases)('%s', async (_, rows, fault) => {
    const member = await sheet(ROW + rows);
    expect(member?.text).toBe('kept\n');
    expect(member?.fault).toMatch(fault);
  });

  test('empty cells that would make gigabytes', async () => {
    const rows = '<row><c r="XFD9"><v>1</v></c></row>'.repeat(17_000);
    // Large enough that the ratio of sizes allows it.
    const parts = { 'xl/media/noise.png': new Blob([randomBytes(400_000)]) };
    const bytes = await makeWorkbook({ sheets: [{ name: 'S', rows }], parts });
    const { members } = await openAll(xlsx, bytes);
    expect(members[0]?.fault).toMatch(/^limit: its sheets hold more empty rows and cells/);
  });

  test('one long text used by very many cells', async () => {
    const texts = `<si><t>${'x'.repeat(900_000)}</t></si>`;
    const rows = '<row><c t="s"><v>0</v></c></row>'.repeat(400);
    const bytes = await makeWorkbook({ texts, sheets: [{ name: 'S', rows }] });
    const { members } = await openAll(xlsx, bytes);
    expect(members[0]?.fault).toMatch(/^limit: it unpacks to more than 1,000 times its size/);
  });

  test('one row of very many long texts', async () => {
    const texts = `<si><t>${'x'.repeat(900_000)}</t></si>`;
    const rows = `<row>${'<c t="s"><v>0</v></c>'.repeat(100)}</row>`;
    const { members } = await openAll(xlsx, await makeWorkbook({ texts, sheets: [{ name: 'S', rows: ROW + rows }] }));
    expect(members[0]?.fault).toMatch(/^limit: one of its rows is longer than 32 MiB/);
    expect(members[0]?.text.startsWith('kept,')).toBe(true);
  });
});

describe('hostile tables of texts', () => {
  test('a document type', async () => {
    const parts = { 'xl/texts.xml': '<!DOCTYPE sst [<!ENTITY a "b">]><sst><si><t>&a;</t></si></sst>' };
    const bytes = await makeWorkbook({ texts: '', parts, sheets: [{ name: 'S', rows: ROW }] });
    expect((await openAll(xlsx, bytes)).fault).toMatch(/^damaged: its XML declares a document type/);
  });

  test('a text beyond 1 MiB', async () => {
    expect(await sharedTexts(`<si><t>${'x'.repeat(1_100_000)}</t></si>`)).toMatch(/^limit: one of its texts/);
  });

  test('text that is no UTF-8', async () => {
    const bytes = await zipOf({
      'xl/workbook.xml': new Blob([Buffer.from('<workbook a="\xff\xfe"/>', 'latin1')]),
    });
    expect((await openAll(xlsx, bytes)).fault).toBe('damaged: its XML is not valid text');
  });
});

test('a number format of very many brackets does not hold a workbook up', async () => {
  const styles = `<numFmts><numFmt numFmtId="164" formatCode="${'['.repeat(400_000)}"/></numFmts><cellXfs><xf numFmtId="164"/></cellXfs>`;
  const bytes = await makeWorkbook({ styles, sheets: [{ name: 'S', rows: '<row><c><v>1</v></c></row>' }] });
  expect((await openAll(xlsx, bytes)).fault).toBeNull();
});

describe('damaged files', () => {
  test('cut anywhere: a fault or less, never a defect and never half a text', async () => {
    const texts = '<si><t>first text</t></si><si><t>second text</t></si>';
    const rows = '<row><c t="s"><v>0</v></c><c t="s"><v>1</v></c></row>'.repeat(5);
    const bytes = await makeWorkbook({ texts, sheets: [{ name: 'S', rows }] });
    for (let length = 0; length < bytes.length; length += 16) {
      const { fault } = await openAll(xlsx, bytes.subarray(0, length));
      expect(fault).toMatch(/^damaged: /);
    }
  });

  test('single bytes changed: every text that comes out is a whole one', async () => {
    const rows = '<row><c t="inlineStr"><is><t>first text</t></is></c></row>'.repeat(20);
    const bytes = await makeWorkbook({ sheets: [{ name: 'S', rows }] });
    const silent: string[] = [];
    for (let at = 0; at < bytes.length; at += 5) {
      const changed = bytes.slice();
      changed[at] = (changed[at] ?? 0) ^ 0x55;
      const { members, fault } = await openAll(xlsx, changed);
      if (fault === null && members.every((member) => member.fault === null)) {
        silent.push(...members.map(({ text }) => text));
      }
    }
    expect(new Set(silent)).toEqual(new Set(['first text\n'.repeat(20)]));
  });

  test('bytes that are no workbook', async () => {
    for (const bytes of [Buffer.alloc(0), Buffer.from('PK\u0003\u0004'), Buffer.from('d0cf11e0a1b11ae1', 'hex')]) {
      expect((await openAll(xlsx, bytes)).fault).toMatch(/^damaged: /);
    }
  });

  test('given up in the middle, it stops reading', async () => {
    const bytes = await makeWorkbook({ sheets: [{ name: 'S', rows: ROW.repeat(50_000) }] });
    const stop = new AbortController();
    let read = 0;
    const reading = async (): Promise<void> => {
      for await (const finding of xlsx.open(memorySource(bytes), { passwords: [], signal: stop.signal })) {
        const content = finding.kind === 'member' ? finding.content : [];
        for await (const chunk of content) {
          read += chunk.length;
          stop.abort(new Error('enough'));
        }
      }
    };
    await expect(reading()).rejects.toThrow('enough');
    expect(read).toBeGreaterThan(0);
    expect(read).toBeLessThan(250_000);
  });
});
