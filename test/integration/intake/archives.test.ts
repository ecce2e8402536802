import { createHash } from 'node:crypto';
import { copyFileSync, createReadStream, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { InputFileView, IntakeSummary } from '#shared/contract/intake.ts';
import { buildZip } from '../../unit/formats/containers/zip/build-zip.ts';
import { openBench, temporaryFolder, type Bench } from './intake-bench.ts';
import { EVERY_ROW } from '../../every-row.ts';

const archive = (name: string): string =>
  fileURLToPath(new URL(`../../fixtures/archives/zip/${name}.zip`, import.meta.url));
const digest = (kind: string, data: string | Uint8Array): string => createHash(kind).update(data).digest('hex');
const page = { offset: 0, limit: 100 };
const ONE = Buffer.from('MZ\x90\0\0\0sample one', 'latin1');

/** What an intake shows: for each input its name, shape, records and fault; for each row its first digest and file. */
async function shown(bench: Bench, intake: IntakeSummary) {
  const { inputs } = await bench.intakes.get(intake.id);
  const { rows } = await bench.intakes.rows(intake.id, EVERY_ROW, page);
  const troubles = await bench.intakes.troubles(intake.id, page);
  return {
    inputs: inputs.map(({ name, format, records, fault }) => `${name} | ${format} | ${records} | ${fault ?? ''}`),
    rows: rows.map(({ hash, file }) => `${hash} ${file}`),
    troubles: troubles.rows.map(({ file, reason }) => `${file}: ${reason}`),
  };
}

async function readPath(bench: Bench, path: string, reading = {}): Promise<IntakeSummary> {
  return bench.read([{ kind: 'path', path }], reading);
}

test('lists in an archive are lists, other files are hashed, and the archive is one of them', async () => {
  const bench = await openBench();
  const path = archive('info-zip');
  const intake = await readPath(bench, path);
  const bytes = readFileSync(path);
  expect(intake).toMatchObject({
    state: 'ready',
    title: 'info-zip.zip',
    files: 1,
    bytes: bytes.length,
    sha256: digest('sha256', bytes),
    accounting: { records: 8, hashes: 7, rejected: 1, withoutHash: 0, balanced: true },
    fault: null,
  });
  const { inputs, rows, troubles } = await shown(bench, intake);
  expect(inputs).toEqual([
    'info-zip.zip › lists/gnu.sha256 | gnu | 3 | ',
    'info-zip.zip › lists/table.csv | csv | 1 | ',
    'info-zip.zip | zip | 4 | ',
  ]);
  expect(rows).toEqual([
    `${digest('sha256', 'one')} info-zip.zip › lists/gnu.sha256`,
    `${digest('sha256', 'two')} info-zip.zip › lists/gnu.sha256`,
    `${digest('sha256', 'three')} info-zip.zip › lists/gnu.sha256`,
    `${digest('sha256', 'four')} info-zip.zip › lists/table.csv`,
    `${digest('sha256', bytes)} info-zip.zip`,
    ...rows.slice(5),
  ]);
  expect(rows).toContain(`${digest('sha256', ONE)} info-zip.zip/bin/one.exe`);
  expect(troubles).toEqual(['info-zip.zip/bin/link: it is a link']);
  const detail = await bench.intakes.detail(
    intake.id,
    rowOf(await bench.intakes.rows(intake.id, EVERY_ROW, page), ONE),
  );
  expect(detail).toMatchObject({
    digestLink: 'computed',
    digests: { md5: digest('md5', ONE), sha1: digest('sha1', ONE) },
  });
});

function rowOf(
  { rows }: { readonly rows: readonly { readonly hash: string; readonly entry: number }[] },
  data: Buffer,
) {
  return rows.find(({ hash }) => hash === digest('sha256', data))?.entry ?? -1;
}

test('what lay in an archive names it; an archive of lists alone is no sample', async () => {
  const bench = await openBench();
  const path = join(temporaryFolder(), 'lists.zip');
  writeFileSync(path, buildZip([{ name: 'a.txt', data: Buffer.from(`${digest('sha256', 'a')}\n`), method: 8 }]));
  const intake = await readPath(bench, path);
  const { inputs } = await bench.intakes.get(intake.id);
  expect(inputs.map(({ name, inside, records }) => [name, inside, records])).toEqual([
    ['lists.zip › a.txt', 'lists.zip', 1],
    ['lists.zip', undefined, 0],
  ]);
  expect(intake.accounting).toMatchObject({ records: 1, hashes: 1, balanced: true });
  expect(intake.sha256).toBe(inputs[1]?.sha256);
});

test('archives inside archives are opened, and their files are named by the whole way', async () => {
  const bench = await openBench();
  const { inputs, rows } = await shown(bench, await readPath(bench, archive('nested')));
  expect(inputs).toEqual([
    'nested.zip › inner.zip › lists/gnu.sha256 | gnu | 3 | ',
    'nested.zip › inner.zip › lists/table.csv | csv | 1 | ',
    'nested.zip › inner.zip | zip | 4 | ',
    'nested.zip | zip | 2 | ',
  ]);
  expect(rows.map((row) => row.slice(65))).toContain('nested.zip/inner.zip/bin/prüfung.dll');
});

test('the usual password opens an archive, others are asked for, and no password is kept', async () => {
  const bench = await openBench();
  const usual = await readPath(bench, archive('aes-infected'));
  expect(usual.accounting).toMatchObject({ records: 5, hashes: 5, rejected: 0, balanced: true });
  const closed = await readPath(bench, archive('zipcrypto-other'));
  const view = (await bench.intakes.get(closed.id)).inputs[0];
  expect(view).toMatchObject({
    needsPassword: true,
    records: 3,
    fault: '2 files in it could not be opened with the passwords at hand.',
  });
  expect(closed.accounting).toMatchObject({ records: 3, hashes: 1, rejected: 2, balanced: true });
  const { finished } = await bench.intakes.start(
    {
      door: 'terminal',
      inputs: [{ kind: 'path', path: archive('zipcrypto-other') }],
      reading: { as: 'auto' },
      passwords: ['other word'],
    },
    () => undefined,
    new AbortController().signal,
  );
  const opened = await finished;
  expect(opened.accounting).toMatchObject({ records: 5, hashes: 5, rejected: 0, balanced: true });
  expect((await bench.intakes.get(opened.id)).inputs.some(({ needsPassword }) => needsPassword === true)).toBe(false);
  for (const each of filesBelow(bench.directory)) {
    expect(readFileSync(each).includes('other word')).toBe(false);
  }
});

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

test('documents, programs and archives of a folder are samples until somebody asks for what is inside', async () => {
  const bench = await openBench();
  for (const name of ['document.docx', 'program.jar']) {
    const { inputs } = await shown(bench, await readPath(bench, archive(name)));
    expect(inputs).toEqual([`${name}.zip | samples | 1 | `]);
  }
  const view = await viewOf(bench, archive('document.docx'));
  expect(view?.alternatives[0]).toEqual({ format: 'zip', label: 'Zip archive' });
  const asked = await shown(bench, await readPath(bench, archive('document.docx'), { format: 'zip' }));
  expect(asked.inputs).toEqual(['document.docx.zip | zip | 3 | ']);
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'in'));
  copyFileSync(archive('info-zip'), join(folder, 'in', 'a.zip'));
  expect((await shown(bench, await readPath(bench, join(folder, 'in')))).inputs).toEqual(['in | samples | 1 | ']);
});

async function viewOf(bench: Bench, path: string, reading = {}): Promise<InputFileView | undefined> {
  return (await bench.intakes.get((await readPath(bench, path, reading)).id)).inputs.at(-1);
}

test('an archive can be hashed itself, and one at the end of a program opened', async () => {
  const bench = await openBench();
  expect(await viewOf(bench, archive('info-zip'), { as: 'sample' })).toMatchObject({ format: 'samples', records: 1 });
  expect(await viewOf(bench, archive('self-extracting'))).toMatchObject({ format: 'samples', records: 1 });
  expect(await viewOf(bench, archive('self-extracting'), { format: 'zip' })).toMatchObject({
    format: 'zip',
    records: 2,
  });
});

test('a format asked for is that of the lists inside', async () => {
  const bench = await openBench();
  for (const as of ['auto', 'list'] as const) {
    const intake = await readPath(bench, archive('info-zip'), { as, format: 'text' });
    const { inputs } = await shown(bench, intake);
    const kept = (await bench.intakes.get(intake.id)).inputs;
    expect(kept.every(({ asked }) => asked?.as === as && asked.format === 'text')).toBe(true);
    expect(inputs).toEqual([
      'info-zip.zip › lists/gnu.sha256 | text | 3 | ',
      'info-zip.zip › lists/table.csv | text | 2 | ',
      'info-zip.zip | zip | 4 | ',
    ]);
  }
});

test('an archive that is cut off keeps what came before and says so', async () => {
  const bench = await openBench();
  const path = join(temporaryFolder(), 'cut.zip');
  const bytes = readFileSync(archive('info-zip')).subarray(0, -30);
  writeFileSync(path, bytes);
  const intake = await readPath(bench, path);
  const { inputs, rows, troubles } = await shown(bench, intake);
  expect(inputs).toEqual([
    'cut.zip › lists/gnu.sha256 | gnu | 3 | ',
    'cut.zip › lists/table.csv | csv | 1 | ',
    'cut.zip | zip | 4 | It was not read to its end: its end, which lists the members, is missing: it is cut off or damaged. What came before is kept.',
  ]);
  expect(rows).toContain(`${digest('sha256', bytes)} cut.zip`);
  expect(rows).toContain(`${digest('sha256', ONE)} cut.zip/bin/one.exe`);
  expect(troubles).toEqual([]);
  expect(intake).toMatchObject({ state: 'ready', accounting: { records: 8, hashes: 8, balanced: true } });
});

test('programs and documents that are cut off stay samples', async () => {
  const bench = await openBench();
  for (const name of ['document.docx', 'program.jar']) {
    const path = join(temporaryFolder(), name);
    const bytes = readFileSync(archive(name)).subarray(0, -30);
    writeFileSync(path, bytes);
    const { rows } = await shown(bench, await readPath(bench, path));
    expect(rows).toEqual([`${digest('sha256', bytes)} ${path}`]);
  }
});

test('a damaged member is refused, a damaged list keeps what came before', async () => {
  const bench = await openBench();
  const path = join(temporaryFolder(), 'damaged.zip');
  const list = Buffer.from(`${digest('sha256', 'a')}\n${digest('sha256', 'b')}\n`);
  writeFileSync(
    path,
    buildZip([
      { name: 'bad.bin', data: ONE, says: { crc: 1 } },
      { name: 'bad.txt', data: list, says: { crc: 1 } },
      { name: 'good.bin', data: ONE },
    ]),
  );
  const { inputs, rows, troubles } = await shown(bench, await readPath(bench, path));
  expect(inputs[0]).toMatch(
    /^damaged.zip › bad.txt \| list \| 2 \| It could not be read beyond byte 130 \(its checksum/,
  );
  expect(troubles).toEqual(['damaged.zip/bad.bin: its checksum does not fit its content']);
  expect(rows.map((row) => row.slice(65))).not.toContain('damaged.zip/bad.bin');
});

test('names that would mislead are kept with what cannot be seen spelled out', async () => {
  const bench = await openBench();
  const { rows } = await shown(bench, await readPath(bench, archive('hostile-names')));
  expect(rows.map((row) => row.slice(65)).sort()).toEqual([
    'hostile-names.zip',
    'hostile-names.zip/../../etc/passwd',
    'hostile-names.zip//etc/shadow',
    'hostile-names.zip/=cmd()',
    'hostile-names.zip/C:\\windows\\x.exe',
    'hostile-names.zip/\\u{202e}gpj.exe',
    'hostile-names.zip/a◙b←[31m',
  ]);
});

test('an archive too large to be held is not read from a stream, and says what to do', async () => {
  const bench = await openBench();
  const piece = Buffer.alloc(1024 * 1024);
  async function* chunks(): AsyncGenerator<Uint8Array> {
    yield Buffer.from('PK\x03\x04');
    for (let index = 0; index < 300; index += 1) {
      yield piece;
    }
  }
  const intake = await bench.read([{ kind: 'stream', name: 'standard input', chunks: chunks() }]);
  expect(intake).toMatchObject({ state: 'failed', accounting: { records: 1, rejected: 1, balanced: true } });
  expect(intake.fault).toBe(
    'standard input could not be read: an archive of more than 256 MiB cannot be read from a stream: name its file.',
  );
});

test('an archive that comes as a stream is read from memory', async () => {
  const bench = await openBench();
  const chunks = createReadStream(archive('info-zip'), { highWaterMark: 7 });
  const intake = await bench.read([{ kind: 'stream', name: 'standard input', chunks }]);
  expect((await shown(bench, intake)).inputs).toEqual([
    'standard input › lists/gnu.sha256 | gnu | 3 | ',
    'standard input › lists/table.csv | csv | 1 | ',
    'standard input | zip | 4 | ',
  ]);
  expect(intake.sha256).toBe(digest('sha256', readFileSync(archive('info-zip'))));
});
