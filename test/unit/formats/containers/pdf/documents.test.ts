import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { pdf } from '#main/formats/containers/pdf/pdf.ts';
import { readAll } from '../../collect.ts';
import { openAll } from '../opened.ts';

const at = (name: string) => new URL(`../../../../fixtures/documents/${name}.pdf`, import.meta.url);
const open = async (name: string, passwords?: readonly string[]) => openAll(pdf, await readFile(at(name)), passwords);
const digest = (algorithm: string, text: string): string => createHash(algorithm).update(text).digest('hex');

/** Digests free text finds in what was read, in their order. */
async function found(name: string) {
  const { members, fault } = await open(name);
  expect({ fault, names: members.map((member) => [member.name, member.fault]) }).toEqual({
    fault: null,
    names: [['text', null]],
  });
  const read = readAll(members[0]?.text ?? '', { format: 'text' });
  expect(read.reported).toBe(read.counted);
  return { digests: read.hashes.flatMap((hash) => hash.digests), notDigests: read.notDigests };
}

const ROWS = ['t0', 't1', 't2', 't3'];

describe('documents written by programs', () => {
  test.each([
    ['Chromium: wrapped in narrow cells, at the end of lines and in two columns', 'chromium'],
    ['LibreOffice', 'libreoffice'],
  ])('%s', async (_, name) => {
    const { digests } = await found(name);
    expect(digests).toEqual([
      digest('sha256', 'para'),
      digest('sha1', 'para'),
      ...ROWS.flatMap((row) => [digest('sha256', row), digest('md5', row)]),
      digest('sha256', 'left'),
      digest('md5', 'right'),
    ]);
  });

  test('ReportLab: a label at the end of a line belongs to the value in the next one', async () => {
    const rows = ['rl0', 'rl1', 'rl2'].flatMap((row) => [digest('sha256', row), digest('sha1', row)]);
    expect(await found('reportlab')).toEqual({
      digests: [...rows, digest('md5', 'rl')],
      notDigests: { imphash: 1 },
    });
  });

  test('Cairo: four equal lines, and letters drawn one by one', async () => {
    const { digests } = await found('cairo');
    expect(digests).toEqual([digest('sha256', 'cairo'), digest('md5', 'cairo'), digest('sha1', 'cairo')]);
  });

  test('LaTeX: a column of a table, two columns of text', async () => {
    const { digests } = await found('latex');
    expect(digests).toEqual([digest('md5', 'tex'), digest('sha256', 'tex'), digest('sha1', 'tex')]);
  });

  test('enscript and Ghostscript: turned pages keep digest and name in one line', async () => {
    const { members } = await open('enscript');
    const lines = members[0]?.text.split('\n') ?? [];
    const wanted = Array.from({ length: 30 }, (_, index) => `${digest('sha256', `e${index}`)} file-${index}.bin`);
    expect(lines.filter((line) => line.endsWith('.bin'))).toEqual(wanted);
  });
});

describe('encrypted documents', () => {
  test('one that opens without a password needs none', async () => {
    const { digests } = await found('owner-only');
    expect(digests).toHaveLength(7);
  });

  test('the passwords are tried in turn; none that fits is a refusal', async () => {
    expect((await open('encrypted', ['wrong', 'infected'])).members[0]?.text).toContain(digest('md5', 'rl'));
    expect(await open('encrypted', ['wrong'])).toEqual({
      members: [],
      refused: [],
      fault: 'encrypted: it is encrypted and no password fits',
    });
  });
});
