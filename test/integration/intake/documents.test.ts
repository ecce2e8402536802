import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { openInlineDatabase } from '#main/db/client.ts';
import { systemClock } from '#main/platform/clock.ts';
import { createIntakes } from '#main/services/intake/create-intakes.ts';
import { buildZip } from '../../unit/formats/containers/zip/build-zip.ts';
import { openBench, temporaryFolder, type Bench } from './intake-bench.ts';

const fixture = (name: string): string => fileURLToPath(new URL(`../../fixtures/${name}`, import.meta.url));

async function viewsOf(bench: Bench, path: string, reading = {}) {
  const intake = await bench.read([{ kind: 'path', path }], reading);
  expect(intake.accounting.balanced).toBe(true);
  return (await bench.intakes.get(intake.id)).inputs.map(({ name, format, inside }) => [name, format, inside]);
}

function written(name: string, bytes: Uint8Array): string {
  const path = join(temporaryFolder(), name);
  writeFileSync(path, bytes);
  return path;
}

test('a workbook with digests is lists, in an archive as well', async () => {
  const bench = await openBench();
  const path = fixture('workbooks/xlsxwriter-1904.xlsx');
  expect(await viewsOf(bench, path)).toEqual([
    ['xlsxwriter-1904.xlsx › Sheet1', 'csv', 'xlsxwriter-1904.xlsx'],
    ['xlsxwriter-1904.xlsx', 'xlsx', undefined],
  ]);
  const archive = written('a.zip', buildZip([{ name: 'b/c.xlsx', data: readFileSync(path), method: 8 }]));
  expect(await viewsOf(bench, archive)).toEqual([
    ['a.zip › b/c.xlsx › Sheet1', 'csv', 'a.zip › b/c.xlsx'],
    ['a.zip › b/c.xlsx', 'xlsx', 'a.zip'],
    ['a.zip', 'zip', undefined],
  ]);
});

test('a document of which nothing is hashed brings no columns of files', async () => {
  const bench = await openBench();
  const path = fixture('workbooks/xlsxwriter-1904.xlsx');
  const book = await bench.read([{ kind: 'path', path }]);
  expect(book.columns).not.toContain('path');
  const pdf = await bench.read([{ kind: 'path', path: fixture('documents/reportlab.pdf') }]);
  expect(pdf.columns).toEqual(['text']);
});

test('a workbook without a digest is a sample, alone and in an archive, and can be opened all the same', async () => {
  const bench = await openBench();
  const bytes = workbookOf('no digest');
  const path = written('plain.xlsx', bytes);
  expect(await viewsOf(bench, path)).toEqual([['plain.xlsx', 'samples', undefined]]);
  expect(await viewsOf(bench, written('a.zip', buildZip([{ name: 'b.xlsx', data: bytes }])))).toEqual([
    ['a.zip', 'zip', undefined],
  ]);
  expect((await viewsOf(bench, path, { format: 'xlsx' })).at(-1)).toEqual(['plain.xlsx', 'xlsx', undefined]);
  expect(await viewsOf(bench, written('full.xlsx', workbookOf('d41d8cd98f00b204e9800998ecf8427e')))).toEqual([
    ['full.xlsx › One', 'list', 'full.xlsx'],
    ['full.xlsx', 'xlsx', undefined],
  ]);
});

test('a workbook that is too large to be looked through is hashed and says so', async () => {
  const bench = await openBench();
  const cell = Array.from({ length: 200_000 }, (_, n) => (n * 7919) % 1_000_003).join(' ');
  const path = written('large.xlsx', workbookOf(cell));
  const intake = await bench.read([{ kind: 'path', path }]);
  expect((await bench.intakes.get(intake.id)).inputs).toMatchObject([
    {
      name: 'large.xlsx',
      format: 'samples',
      why: 'it could not be looked through for hashes',
      fault: expect.stringMatching(/^It was hashed, but not looked through for hashes: .+\.$/),
    },
  ]);
});

/** A workbook of one sheet with one cell. */
function workbookOf(text: string): Buffer {
  const part = (name: string, data: string) => ({ name, data: Buffer.from(data), method: 8 }) as const;
  const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
  const relations = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
  const packages = 'http://schemas.openxmlformats.org/package/2006';
  const kind = 'application/vnd.openxmlformats-officedocument.spreadsheetml';
  return buildZip([
    part(
      '[Content_Types].xml',
      `<Types xmlns="${packages}/content-types"><Override PartName="/xl/workbook.xml" ContentType="${kind}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="${kind}.worksheet+xml"/></Types>`,
    ),
    part(
      '_rels/.rels',
      `<Relationships xmlns="${packages}/relationships"><Relationship Id="r1" Type="${relations}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    ),
    part(
      'xl/workbook.xml',
      `<workbook xmlns="${main}" xmlns:r="${relations}"><sheets><sheet name="One" sheetId="1" r:id="r1"/></sheets></workbook>`,
    ),
    part(
      'xl/_rels/workbook.xml.rels',
      `<Relationships xmlns="${packages}/relationships"><Relationship Id="r1" Type="${relations}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
    ),
    part(
      'xl/worksheets/sheet1.xml',
      `<worksheet xmlns="${main}"><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>${text}</t></is></c></row></sheetData></worksheet>`,
    ),
  ]);
}

test('an encrypted document asks for its password', async () => {
  const bench = await openBench();
  const intake = await bench.read([{ kind: 'path', path: fixture('documents/encrypted-other.pdf') }]);
  expect((await bench.intakes.get(intake.id)).inputs).toMatchObject([
    {
      needsPassword: true,
      records: 1,
      format: 'pdf',
      fault: 'Nothing in it could be read: it is encrypted and no password fits. The file itself is kept as a sample.',
    },
  ]);
});

test.each(['archives/zip/zipcrypto-other.zip', 'archives/seven-zip/stored-other.7z'])(
  'behind the threads of a window, %s opens with its password',
  async (name) => {
    const database = await openInlineDatabase(temporaryFolder());
    const intakes = await createIntakes(database, { threads: 'workers', clock: systemClock, readBy: 'assay test' });
    onTestFinished(async () => {
      await intakes.dispose();
      await database.close();
    });
    const read = async (passwords: readonly string[]) => {
      const inputs = [{ kind: 'path', path: fixture(name) }] as const;
      const request = { door: 'window', inputs, reading: { as: 'auto' }, passwords } as const;
      const { finished } = await intakes.start(request, () => undefined, new AbortController().signal);
      const { id, accounting } = await finished;
      const { inputs: views } = await intakes.get(id);
      return [views.some(({ needsPassword }) => needsPassword === true), accounting.rejected] as const;
    };
    expect(await read(['wrong'])).toEqual([true, 2]);
    expect(await read(['wrong', 'other word', 'other'])).toEqual([false, 0]);
  },
);
