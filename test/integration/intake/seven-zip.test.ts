import { createHash } from 'node:crypto';
import { createReadStream, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { openInlineDatabase } from '#main/db/client.ts';
import { systemClock } from '#main/platform/clock.ts';
import { createIntakes } from '#main/services/intake/create-intakes.ts';
import type { IntakeInput, IntakeService } from '#main/services/intake/port.ts';
import type { IntakeSummary } from '#shared/contract/intake.ts';
import { openBench, temporaryFolder } from './intake-bench.ts';
import { EVERY_ROW } from '../../every-row.ts';

const archive = (name: string): string =>
  fileURLToPath(new URL(`../../fixtures/archives/seven-zip/${name}.7z`, import.meta.url));
const sha256 = (data: string | Uint8Array): string => createHash('sha256').update(data).digest('hex');
const LISTED = 'd41d8cd98f00b204e9800998ecf8427e';

/** What an intake shows: its inputs, the first digest and file of each row, and what is rejected. */
async function shown(intakes: IntakeService, { id }: IntakeSummary) {
  const page = { offset: 0, limit: 100 };
  const { inputs } = await intakes.get(id);
  const { rows } = await intakes.rows(id, EVERY_ROW, page);
  const troubles = await intakes.troubles(id, page);
  return {
    inputs: inputs.map(({ name, format, records, fault }) => `${name} | ${format} | ${records} | ${fault ?? ''}`),
    rows: rows.map(({ hash, file }) => `${hash} ${file}`),
    troubles: troubles.rows.map(({ file, reason }) => `${file}: ${reason}`),
  };
}

async function read(intakes: IntakeService, input: IntakeInput, passwords: readonly string[] = []) {
  const { finished } = await intakes.start(
    { door: 'terminal', inputs: [input], reading: { as: 'auto' }, passwords },
    () => undefined,
    new AbortController().signal,
  );
  return finished;
}

const SOLID = {
  inputs: ['solid.7z › inner/list.txt | list | 1 | ', 'solid.7z | 7z | 8 | '],
  rows: [
    `${LISTED} solid.7z › inner/list.txt`,
    `${sha256(readFileSync(archive('solid')))} solid.7z`,
    `${sha256('')} solid.7z/inner/nothing.bin`,
    `${sha256('first file\n')} solid.7z/first.txt`,
    `${sha256('MZ second file, a sample\n')} solid.7z/inner/second.exe`,
    `${sha256('u')} solid.7z/inner/ünïcode €.txt`,
    expect.stringMatching(/^[0-9a-f]{64} solid.7z\/long.txt$/),
    expect.stringMatching(/^[0-9a-f]{64} solid.7z\/program.bin$/),
  ],
  troubles: ['solid.7z/link: it is a link'],
};

test('lists in a 7z archive are lists, other files are hashed, and every row is accounted for', async () => {
  const { intakes } = await openBench();
  const intake = await read(intakes, { kind: 'path', path: archive('solid') });
  expect(await shown(intakes, intake)).toEqual(SOLID);
  expect(intake.accounting).toMatchObject({ records: 9, hashes: 8, rejected: 1, withoutHash: 0, balanced: true });
});

test('a 7z archive is read the same by the threads of a window', async () => {
  const database = await openInlineDatabase(temporaryFolder());
  const intakes = await createIntakes(database, { threads: 'workers', clock: systemClock, readBy: 'assay test' });
  onTestFinished(async () => {
    await intakes.dispose();
    await database.close();
  });
  const intake = await read(intakes, { kind: 'path', path: archive('solid') });
  expect(await shown(intakes, intake)).toEqual(SOLID);
});

test('a 7z archive inside another is opened, and one that comes as a stream', async () => {
  const { intakes } = await openBench();
  const { inputs } = await shown(intakes, await read(intakes, { kind: 'path', path: archive('nested') }));
  expect(inputs).toEqual([
    'nested.7z › inner.7z › files/inner/list.txt | list | 1 | ',
    'nested.7z › inner.7z | 7z | 2 | ',
    'nested.7z | 7z | 0 | ',
  ]);
  const chunks = createReadStream(archive('solid'), { highWaterMark: 7 });
  const streamed = await read(intakes, { kind: 'stream', name: 'standard input', chunks });
  expect(streamed.accounting).toMatchObject({ records: 9, hashes: 8, rejected: 1, balanced: true });
});

test('the usual password is tried by itself, others are asked for', async () => {
  const { intakes } = await openBench();
  const usual = await read(intakes, { kind: 'path', path: archive('infected') });
  expect(usual.accounting).toMatchObject({ records: 7, hashes: 7, rejected: 0, balanced: true });
  const closed = await read(intakes, { kind: 'path', path: archive('stored-other') });
  expect((await intakes.get(closed.id)).inputs).toMatchObject([{ needsPassword: true, records: 3 }]);
  expect(await shown(intakes, closed)).toEqual({
    inputs: ['stored-other.7z | 7z | 3 | 2 files in it could not be opened with the passwords at hand.'],
    rows: [`${sha256(readFileSync(archive('stored-other')))} stored-other.7z`],
    troubles: [
      'stored-other.7z/first.txt: it is encrypted and no password fits',
      'stored-other.7z/long.txt: it is encrypted and no password fits',
    ],
  });
  const opened = await read(intakes, { kind: 'path', path: archive('stored-other') }, ['other']);
  expect(opened.accounting).toMatchObject({ records: 3, hashes: 3, rejected: 0, balanced: true });
});

test('an encrypted list of members asks for the password as well', async () => {
  const { intakes } = await openBench();
  const closed = await read(intakes, { kind: 'path', path: archive('list-other') });
  expect((await intakes.get(closed.id)).inputs).toMatchObject([{ needsPassword: true, records: 1 }]);
  const opened = await read(intakes, { kind: 'path', path: archive('list-other') }, ['other']);
  expect(opened.accounting).toMatchObject({ records: 3, hashes: 3, rejected: 0, balanced: true });
});
