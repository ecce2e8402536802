import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { xlsx } from '#main/formats/containers/xlsx/xlsx.ts';
import { openAll } from '../opened.ts';

const at = (name: string) => new URL(`../../../../fixtures/workbooks/${name}`, import.meta.url);
const openFile = async (name: string) => openAll(xlsx, await readFile(at(name)));

describe('workbooks written by programs', () => {
  test('openpyxl: every sheet in the order of its tabs, hidden ones too, line N is row N', async () => {
    const { members, fault } = await openFile('openpyxl.xlsx');
    expect(fault).toBeNull();
    expect(members.map(({ name }) => name)).toEqual(['Indicators', 'Hidden ü', 'very hidden', 'Empty', 'Formulas']);
    const lines = members[0]?.text.split('\n') ?? [];
    expect([lines[0], lines[1], lines[2], lines[3], lines[4], lines[6], lines[19], lines.length]).toEqual([
      '"Incident 4711, indicators",,,,,,,',
      '',
      'File name,SHA256,First seen,Confidence,Confirmed,Remark,,',
      '"sample 0, ""quoted"".exe",b70a14ee1e15d7aa94bd810ec06f4cb77a346e8f33aef6bfeae3d7c4442d7a93,2024-01-02,0.1,FALSE,,,',
      '"sample 1, ""quoted"".exe",ec31682fde561917952ff78a7a8adeffd0febc372dd26871916c46c630381b45,2024-02-29T13:30:05,1.1,TRUE,,,',
      '"sample 3, ""quoted"".exe",844b69c4d54cc264bc2dadb6bb70f53bc123beafc0f58d81ed8cd4a07c24a5a7,2024-02-29T13:30:05,3.1,TRUE,line one line two,,',
      ',,,,,,,far away',
      21,
    ]);
    expect(members[3]?.text).toBe('');
  });

  test('XlsxWriter: rich text is one text, dates by their style, formulas by their value', async () => {
    const { members } = await openFile('xlsxwriter.xlsx');
    expect(members).toEqual([
      {
        name: 'IOC',
        fault: null,
        text:
          'Hash,Seen,Note,\n' +
          '7baa68f2418ba82d2545a780c00d7a8778249bbcdaf7369114534874ea6d3bd6,2023-12-31T23:59:59,under_x000D_score,\n' +
          '6f8f57715090da2632453988d9a1501b,2023-03-15T12:00:00,ab,\n\n\n' +
          ',,,81bf0145c8f2cc44e8db4af1a7960d0937fb0a2e\n',
      },
    ]);
  });

  test('XlsxWriter without a table of texts, days counted from 1904', async () => {
    const { members } = await openFile('xlsxwriter-1904.xlsx');
    expect(members[0]?.text).toBe('sha1,date\na80a6678fa430121ecc291bf4dcf2d27ab283d06,2024-02-29\n');
  });

  test('LibreOffice', async () => {
    const { members } = await openFile('libreoffice.xlsx');
    expect(members[0]?.text).toBe(
      'Name,SHA-256,Größe\n' +
        '"öl, ""x"".exe",ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb,12\n' +
        '2,3e23e8160039594a33894f6564e1b1348bbd7a0088d42c4acb73eeaed59c009d,13\n',
    );
  });

  test('older and encrypted workbooks are refused with what to do', async () => {
    expect((await openFile('excel-97.xls')).fault).toBe(
      'damaged: it is a workbook of Excel 2003 or older (.xls), which is not read: save it as .xlsx or CSV and drop that',
    );
    expect((await openFile('encrypted.xlsx')).fault).toMatch(/^damaged: it is encrypted .* save it as \.xlsx or CSV/);
  });
});
