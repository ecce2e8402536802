import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { Reading } from '#shared/contract/intake.ts';
import { makePages, draw } from '../../unit/formats/containers/pdf/make-pdf.ts';
import { makeWorkbook, zipOf } from '../../unit/formats/containers/xlsx/make-workbook.ts';
import { buildZip } from '../../unit/formats/containers/zip/build-zip.ts';
import { openBench, temporaryFolder } from './intake-bench.ts';
import { EVERY_ROW } from '../../every-row.ts';

const fixture = (path: string): string => fileURLToPath(new URL(`../../fixtures/${path}`, import.meta.url));
const digest = (kind: string, data: string | Uint8Array): string => createHash(kind).update(data).digest('hex');
const page = { offset: 0, limit: 100 };

/** What an intake of one path shows. */
async function read(path: string, reading: Partial<Reading> = {}, passwords: readonly string[] = []) {
  const bench = await openBench();
  const { finished } = await bench.intakes.start(
    { door: 'terminal', inputs: [{ kind: 'path', path }], reading: { as: 'auto', ...reading }, passwords },
    () => undefined,
    new AbortController().signal,
  );
  const intake = await finished;
  const { inputs } = await bench.intakes.get(intake.id);
  const { rows } = await bench.intakes.rows(intake.id, EVERY_ROW, page);
  return {
    balanced: intake.accounting.balanced,
    inputs: inputs.map(({ name, format, records, fault }) => `${name} | ${format} | ${records} | ${fault ?? ''}`),
    why: inputs.map(({ why }) => why),
    columns: inputs.map(({ digestColumns }) => digestColumns.join(', ')),
    alternatives: inputs.map((input) => input.alternatives.map(({ format }) => format)),
    needsPassword: inputs.some((input) => input.needsPassword === true),
    rows: rows.map(({ hash, file, line }) => `${hash} ${file} ${line}`),
  };
}

test('every sheet of a workbook is a list of its own, its rows keep their numbers', async () => {
  const shown = await read(fixture('workbooks/openpyxl.xlsx'));
  expect(shown.balanced).toBe(true);
  expect(shown.inputs).toEqual([
    'openpyxl.xlsx › Indicators | csv | 7 | ',
    'openpyxl.xlsx › Hidden ü | csv | 3 | ',
    'openpyxl.xlsx › very hidden | list | 1 | ',
    'openpyxl.xlsx › Empty | text | 0 | ',
    'openpyxl.xlsx › Formulas | csv | 1 | ',
    'openpyxl.xlsx | xlsx | 0 | ',
  ]);
  expect(shown.columns).toEqual(['SHA256', 'MD5, SHA1', '', '', 'sha1', '']);
  expect(shown.rows).toEqual([
    ...[0, 1, 2, 3, 4, 5].map((row) => `${digest('sha256', `x${row}`)} openpyxl.xlsx › Indicators ${row + 4}`),
    ...[0, 1, 2].map((row) => `${digest('sha1', `h${row}`)} openpyxl.xlsx › Hidden ü ${row + 2}`),
    `${digest('sha256', 'vh')} openpyxl.xlsx › very hidden 1`,
    `${digest('sha1', 'f')} openpyxl.xlsx › Formulas 2`,
  ]);
});

test('the columns of a workbook can be corrected', async () => {
  const shown = await read(fixture('workbooks/xlsxwriter-1904.xlsx'), { digestColumns: ['date'] });
  expect(shown.columns[0]).toBe('date');
  expect(shown.rows).toEqual([]);
});

test('a document is one text, digests broken over lines are whole', async () => {
  const shown = await read(fixture('documents/chromium.pdf'));
  expect(shown).toMatchObject({ balanced: true, needsPassword: false });
  expect(shown.inputs).toEqual(['chromium.pdf › text | text | 29 | ', 'chromium.pdf | pdf | 0 | ']);
  expect(shown.why).toEqual(['the text of a document', 'its content begins like a PDF document']);
  expect(shown.rows).toHaveLength(12);
  expect(shown.rows[0]).toBe(`${digest('sha256', 'para')} chromium.pdf › text 2`);
});

test('a document behind a password asks for it; the file itself is answered meanwhile', async () => {
  const path = fixture('documents/encrypted.pdf');
  const usual = await read(path);
  expect(usual).toMatchObject({ needsPassword: false });
  expect(usual.rows).toHaveLength(7);

  const folder = temporaryFolder();
  const other = join(folder, 'other.pdf');
  writeFileSync(other, readFileSync(fixture('documents/encrypted-other.pdf')));
  const asking = await read(other);
  expect(asking.needsPassword).toBe(true);
  expect(asking.rows).toEqual([`${digest('sha256', readFileSync(other))} other.pdf 0`]);
  expect((await read(other, {}, ['case 4711'])).rows).toHaveLength(7);
});

test('older and encrypted workbooks are hashed and say what to do', async () => {
  for (const [name, what] of [
    ['excel-97.xls', 'it is a workbook of Excel 2003 or older (.xls), which is not read: save it as .xlsx or CSV'],
    [
      'encrypted.xlsx',
      'it is encrypted with a password in the way of Office, which is not opened: save it as .xlsx or CSV',
    ],
  ] as const) {
    const path = fixture(`workbooks/${name}`);
    const shown = await read(path);
    expect(shown.inputs[0]).toContain(`${name} | xlsx | 1 | Nothing in it could be read: ${what}`);
    expect(shown.rows).toEqual([`${digest('sha256', readFileSync(path))} ${name} 0`]);
  }
});

test('a binary workbook is hashed and says what to do', async () => {
  const path = join(temporaryFolder(), 'book.xlsb');
  const relations =
    '<Relationships><Relationship Id="a" Type="x/officeDocument" Target="xl/workbook.bin"/></Relationships>';
  const parts = { '[Content_Types].xml': '<Types/>', '_rels/.rels': relations, 'xl/workbook.bin': 'binary' };
  writeFileSync(path, await zipOf(parts));
  const shown = await read(path);
  expect(shown.inputs).toHaveLength(1);
  expect(shown.inputs[0]).toContain(
    'it is an Excel binary workbook (.xlsb), which is not read: save it as .xlsx or CSV',
  );
  expect(shown.rows).toEqual([`${digest('sha256', readFileSync(path))} book.xlsb 0`]);
});

test('documents without a digest are samples, and can be opened all the same', async () => {
  const folder = temporaryFolder();
  const sheets = [{ name: 'S', rows: '<row><c><v>1</v></c></row>' }];
  writeFileSync(join(folder, 'empty.xlsx'), await makeWorkbook({ sheets }));
  writeFileSync(join(folder, 'empty.pdf'), makePages([draw('nothing to look up', 50, 50)]));
  for (const [name, format] of [
    ['empty.xlsx', 'xlsx'],
    ['empty.pdf', 'pdf'],
  ] as const) {
    const path = join(folder, name);
    const shown = await read(path);
    expect(shown.rows).toEqual([`${digest('sha256', readFileSync(path))} ${path} 0`]);
    expect(shown.alternatives[0]).toContain(format);
    const opened = await read(path, { format });
    expect(opened.inputs.at(-1)).toBe(`${name} | ${format} | 0 | `);
    expect(opened.rows).toEqual([]);
  }
});

test('workbooks and documents inside an archive', async () => {
  const path = join(temporaryFolder(), 'case.zip');
  const names = ['workbooks/libreoffice.xlsx', 'documents/cairo.pdf', 'workbooks/excel-97.xls'];
  writeFileSync(path, buildZip(names.map((name) => ({ name, data: readFileSync(fixture(name)) }))));
  const shown = await read(path);
  expect(shown.inputs).toEqual([
    'case.zip › workbooks/libreoffice.xlsx › lo | csv | 2 | ',
    'case.zip › workbooks/libreoffice.xlsx | xlsx | 0 | ',
    'case.zip › documents/cairo.pdf › text | text | 3 | ',
    'case.zip › documents/cairo.pdf | pdf | 0 | ',
    'case.zip | zip | 2 | ',
  ]);
  expect(shown.rows).toHaveLength(7);
});
