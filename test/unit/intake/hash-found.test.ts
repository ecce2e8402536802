import { createHash } from 'node:crypto';
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { IntakeBuilder } from '#main/intakes/intake-builder.ts';
import { FoundList } from '#main/services/intake/reading/samples/found-list.ts';
import { hashFound, type HashedFile } from '#main/services/intake/reading/samples/hash-found.ts';
import { pathName } from '#main/services/intake/reading/samples/path-name.ts';
import { ReadingSession } from '#main/services/intake/reading/session.ts';
import { walkFolder } from '#main/services/intake/reading/walk-folder.ts';

const isWindows = process.platform === 'win32';
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'assay-found-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

function walked(path: string): FoundList {
  const found = new FoundList();
  for (const each of walkFolder(path)) {
    found.add(each);
  }
  return found;
}

function openSession(isCancelled: () => boolean = () => false): ReadingSession {
  const builder = new IntakeBuilder(join(folder(), 'intake'));
  onTestFinished(() => builder.abort());
  return new ReadingSession(builder, { onProgress: () => undefined, isCancelled });
}

async function allOf(found: FoundList, session: ReadingSession): Promise<HashedFile[]> {
  const all: HashedFile[] = [];
  for await (const each of hashFound(found, session)) {
    all.push(each);
  }
  return all;
}

/** 1,200 files of up to 700 bytes in three folders. */
function manyFiles(): string {
  const path = folder();
  for (let n = 0; n < 1_200; n += 1) {
    const below = join(path, `folder ${n % 3}`);
    mkdirSync(below, { recursive: true });
    writeFileSync(join(below, `file ${n}`), String(n).repeat((n * 7) % 140));
  }
  return path;
}

test('many files are hashed on threads: every one of them, smallest first, in a stable order', async () => {
  const path = manyFiles();
  const found = walked(path);
  const session = openSession();
  session.expect(found.bytes);
  const all = await allOf(found, session);
  const plain = [...walkFolder(path)]
    .map((each, index) => ({ index, size: each.kind === 'file' ? each.size : -1, name: each.name }))
    .sort((a, b) => a.size - b.size || a.index - b.index);
  expect(all.map(({ index, outcome }) => [index, found.nameOf(index), outcome.kind])).toEqual(
    plain.map(({ index, name }) => [index, name, 'hashed']),
  );
  const digests = all.map(({ outcome }) =>
    outcome.kind === 'hashed' ? Buffer.from(outcome.sha256).toString('hex') : '',
  );
  const expected = plain.map(({ name }) => {
    const n = Number(name.split(' ').at(-1));
    return sha256(String(n).repeat((n * 7) % 140));
  });
  expect(digests).toEqual(expected);
  expect([session.bytes, session.bytesTotal]).toEqual([found.bytes, found.bytes]);
});

test('what changes after the walk is read as it is now, what is gone is named, and the total follows', async () => {
  const path = manyFiles();
  const found = walked(path);
  appendFileSync(join(path, 'folder 1', 'file 1'), 'grown before it was read');
  rmSync(join(path, 'folder 2', 'file 1199'));
  const session = openSession();
  session.expect(found.bytes);
  const all = await allOf(found, session);
  const outcomes = new Map(all.map(({ index, outcome }) => [found.nameOf(index), outcome]));
  expect(outcomes.size).toBe(1_200);
  expect(outcomes.get(join(path, 'folder 1', 'file 1'))).toMatchObject({
    kind: 'hashed',
    size: 7 + 'grown before it was read'.length,
  });
  expect(outcomes.get(join(path, 'folder 2', 'file 1199'))).toEqual({
    kind: 'refused',
    reason: 'it was removed before it could be read',
    read: 0,
  });
  expect(session.bytes).toBe(session.bytesTotal);
});

test.runIf(!isWindows)('names that are no UTF-8 are read, and shown so that they differ', async () => {
  const path = folder();
  const named = (bytes: readonly number[]): Buffer => Buffer.concat([Buffer.from(`${path}/x`), Buffer.from(bytes)]);
  writeFileSync(named([0xff]), '1');
  writeFileSync(named([0xfe]), '22');
  writeFileSync(named([0xc3, 0xa9]), '333');
  const found = walked(path);
  const all = await allOf(found, openSession());
  expect(all.map(({ index, outcome }) => [found.nameOf(index), outcome.kind])).toEqual([
    [`${path}/x\\xff`, 'hashed'],
    [`${path}/x\\xfe`, 'hashed'],
    [`${path}/xé`, 'hashed'],
  ]);
});

test.each([
  [[0x61, 0x5c, 0x62], 'a\\b'],
  [[0x61, 0x5c, 0xff], 'a\\\\\\xff'],
  [[0xe2, 0x82, 0xac, 0xe2, 0x82], '€\\xe2\\x82'],
  [[0xf0, 0x9f, 0x98, 0x80, 0x80], '😀\\x80'],
])('the name %j is shown as %s', (bytes, shown) => {
  expect(pathName(Buffer.from(bytes))).toBe(shown);
});

test('a list of many thousand files gives each of them back', () => {
  const found = new FoundList();
  const path = (n: number): string => `/samples/${Math.floor(n / 100)}/name of ${n}`;
  for (let n = 0; n < 20_000; n += 1) {
    const name = path(n);
    found.add(
      n % 1_000 === 0
        ? { kind: 'unreadable', name, reason: 'permission denied' }
        : { kind: 'file', path: Buffer.from(name), name, size: n % 7 },
    );
  }
  expect([found.count, found.files, [...found.others].length]).toEqual([20_000, 19_980, 20]);
  expect([1, 999, 1_001, 19_999].map((n) => [found.nameOf(n), found.sizeOf(n)])).toEqual(
    [1, 999, 1_001, 19_999].map((n) => [path(n), n % 7]),
  );
  const order = [...found.smallestFirst()];
  expect(order.slice(0, 4)).toEqual([7, 14, 21, 28]);
  expect(order.at(-1)).toBe(19_998);
});
