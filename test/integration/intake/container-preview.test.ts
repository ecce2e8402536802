import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { calls } from '#shared/contract/index.ts';
import type { IntakePreview, PreviewPart, Reading } from '#shared/contract/intake.ts';
import { createHandleStore } from '#main/services/handle-store.ts';
import { intakePreviewHandlers } from '#main/services/handlers/intake-preview.ts';
import { formatTools } from '#main/services/intake/reading/format-tools.ts';
import { previewSource } from '#main/services/intake/reading/preview/preview-source.ts';
import { buildZip } from '#test/unit/formats/containers/zip/build-zip.ts';
import { openBench, temporaryFolder } from './intake-bench.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const fixture = (path: string): string => join(import.meta.dirname, '../../fixtures', path);

/** Long enough for the slowest machine: only tests about time set it. */
const NEVER_MS = 60_000;

async function look(path: string, reading: Partial<Reading> = {}, withinMs = NEVER_MS): Promise<IntakePreview> {
  const task = { from: { kind: 'path', path }, reading: { as: 'auto', ...reading } } as const;
  const { preview, reason } = await previewSource(task, formatTools, new AbortController().signal, withinMs);
  expect(reason).toBe('');
  if (preview === null) {
    throw new Error('there is no preview');
  }
  return calls['intake.preview'].output.shape.preview.unwrap().parse(preview);
}

function written(name: string, content: Uint8Array): string {
  const path = join(temporaryFolder(), name);
  writeFileSync(path, content);
  return path;
}

const shown = ({ name, kind, what, isEncrypted, size, rows }: PreviewPart): unknown[] => [
  name,
  kind,
  what,
  size,
  isEncrypted,
  rows.map(({ digests }) => digests[0]?.hash ?? null),
];
const csv = Buffer.from(`name,sha256\na.exe,${sha256('a')}\nb.exe,\n`);

test('an archive shows its files, their sizes and what each would be read as', async () => {
  const members = [
    { name: 'lists/a.csv', data: csv, method: 8 as const },
    { name: 'tool.exe', data: Buffer.concat([Buffer.from('MZ\0\0\x01\x02'), Buffer.alloc(400_000)]) },
    { name: 'inner.zip', data: buildZip([{ name: 'x', data: Buffer.from('x') }]) },
    { name: 'evil\u202Efdp.exe', data: Buffer.from('\x7fELF\0\0') },
    { name: 'broken.csv', data: csv, says: { crc: 1 } },
  ];
  const preview = await look(written('case.zip', buildZip(members)));
  expect(preview).toMatchObject({
    format: 'zip',
    formatLabel: 'Zip archive',
    isList: true,
    rows: [],
    counts: { hashed: 1, without: 1, rejected: 0 },
    inside: { holds: 'archive', more: 0, isCounted: true, ended: '' },
    isWhole: true,
  });
  expect(preview.columns.map(({ name, isTaken }) => [name, isTaken])).toEqual([
    ['name', false],
    ['sha256', true],
  ]);
  expect(preview.inside?.parts.map(shown)).toEqual([
    ['lists/a.csv', 'list', 'CSV', csv.length, false, [sha256('a'), null]],
    ['tool.exe', 'sample', '', 400_006, false, []],
    ['inner.zip', 'container', 'Zip archive or document', members[2]?.data.length, false, []],
    [String.raw`evil\u{202e}fdp.exe`, 'sample', '', 6, false, []],
    ['broken.csv', 'refused', expect.stringMatching(/checksum|damaged/), csv.length, false, []],
  ]);
});

test.each([
  ['zip/zipcrypto-other.zip', 'refused', true],
  ['zip/zipcrypto-infected.zip', 'sample', true],
  ['zip/aes-infected.zip', 'sample', true],
  ['zip/info-zip.zip', 'sample', false],
  ['seven-zip/infected.7z', 'sample', true],
  ['seven-zip/stored-other.7z', 'refused', true],
  ['seven-zip/solid.7z', 'sample', false],
])('%s: what is encrypted says so, whether the usual password opens it or not', async (path, kind, isEncrypted) => {
  const parts = (await look(fixture(`archives/${path}`))).inside?.parts ?? [];
  const first = parts.find((part) => part.kind === kind && part.size !== 0);
  expect(first?.isEncrypted).toBe(isEncrypted);
});

test('a list of members that is encrypted shows nothing and says why', async () => {
  const { inside, isList } = await look(fixture('archives/seven-zip/list-other.7z'));
  expect([isList, inside]).toEqual([
    true,
    {
      holds: 'archive',
      parts: [],
      more: 0,
      isCounted: false,
      ended: 'its list of members is encrypted and no password fits',
    },
  ]);
});

test('of a workbook every sheet shows its first rows, and a column can be chosen for all', async () => {
  const path = fixture('workbooks/openpyxl.xlsx');
  const preview = await look(path);
  expect(preview).toMatchObject({ format: 'xlsx', isList: true, counts: { hashed: 11 } });
  expect(preview.inside?.parts.map(({ name, rows }) => [name, rows.length])).toEqual([
    ['Indicators', 7],
    ['Hidden ü', 3],
    ['very hidden', 1],
    ['Empty', 0],
    ['Formulas', 1],
  ]);
  expect(preview.columns.map(({ name }) => name)).toContain('SHA256');
  const other = await look(path, { as: 'list', digestColumns: ['2'] });
  expect(other.inside?.parts[1]?.rows.map(({ digests }) => digests[0]?.kind)).toEqual(['sha1', 'sha1', 'sha1']);
  expect(other.inside?.parts[2]).toMatchObject({ kind: 'refused', what: expect.stringContaining('column') });
});

test('of a document the first lines show; without a hash in it, it is a sample that can be opened', async () => {
  const pdf = await look(fixture('documents/libreoffice.pdf'));
  expect(pdf).toMatchObject({ format: 'pdf', isList: true, inside: { holds: 'document' } });
  expect(pdf.counts.hashed).toBeGreaterThan(5);
  expect(pdf.inside?.parts[0]?.text[0]).toContain('The loader contacts');
  const locked = await look(fixture('documents/encrypted-other.pdf'));
  expect(locked).toMatchObject({ isList: true, inside: { parts: [], ended: expect.stringContaining('password') } });
  const word = await look(fixture('archives/zip/document.docx.zip'));
  expect(word).toMatchObject({ isList: false, inside: null });
  expect(word.alternatives[0]).toEqual({ format: 'zip', label: 'Zip archive' });
  expect(
    (await look(fixture('archives/zip/document.docx.zip'), { format: 'zip' })).inside?.parts.length,
  ).toBeGreaterThan(0);
});

test('only the first fifty are looked at, the others are counted', async () => {
  const members = Array.from({ length: 180 }, (_, index) => ({
    name: `${index}.txt`,
    data: Buffer.from(sha256(`${index}`)),
  }));
  const { inside, isWhole } = await look(written('many.zip', buildZip(members)));
  expect([inside?.parts.length, inside?.more, inside?.isCounted, isWhole]).toEqual([50, 130, true, false]);
  expect(inside?.parts.filter(({ rows }) => rows.length > 0)).toHaveLength(3);
});

test('a bomb is looked at by its beginning alone, and what takes too long ends', async () => {
  const zeros = Buffer.alloc(64 * 1024 * 1024);
  const path = written('bomb.zip', buildZip([{ name: 'zeros', data: zeros, method: 8, says: { crc: 1 } }]));
  const { inside, bytes } = await look(path);
  expect([inside?.parts[0]?.kind, inside?.ended]).toEqual(['sample', '']);
  expect(bytes).toBeLessThan(1024 * 1024);
  const late = await look(path, {}, 0);
  expect(late.inside).toMatchObject({ isCounted: false, ended: 'looking at it took too long' });
});

test('garbage with the mark of an archive says that it is damaged, at every length', async () => {
  const whole = readFileSync(fixture('archives/zip/info-zip.zip'));
  for (let length = 4; length < whole.length - 100; length += Math.ceil(whole.length / 40)) {
    const { inside } = await look(written('cut.zip', whole.subarray(0, length)));
    expect(inside?.isCounted, String(length)).toBe(false);
    expect(inside?.ended).not.toBe('');
  }
});

test('the next look ends the one before, and so does a dialog that closes', async () => {
  const { intakes } = await openBench();
  const signals: AbortSignal[] = [];
  const handles = createHandleStore();
  const handlers = intakePreviewHandlers({
    handles,
    intakes: {
      ...intakes,
      preview: async (_task, signal) => {
        signals.push(signal);
        return { preview: null, reason: 'x' };
      },
    },
  });
  const input = calls['intake.preview'].input.parse({ from: { kind: 'text', text: 'a' }, reading: {} });
  await handlers['intake.preview'](input);
  await handlers['intake.preview'](input);
  expect(signals.map(({ aborted }) => aborted)).toEqual([true, false]);
  await handlers['intake.endPreview']({});
  expect(signals.map(({ aborted }) => aborted)).toEqual([true, true]);
});
