import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { CHUNK_BYTES, hashFile, type HashOutcome } from '#main/services/intake/reading/samples/hash-file.ts';

const isWindows = process.platform === 'win32';
const isRoot = process.getuid?.() === 0;
const digest = (name: string, bytes: Uint8Array): string => createHash(name).update(bytes).digest('hex');

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'assay-hash-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

function hash(path: string, onChunk: () => boolean = () => true): HashOutcome {
  return hashFile(Buffer.from(path), Buffer.alloc(CHUNK_BYTES), onChunk);
}

/** A file of three chunks and a bit. */
function large(): string {
  const path = join(folder(), 'large');
  writeFileSync(path, Buffer.alloc(3 * CHUNK_BYTES + 17, 'x'));
  return path;
}

test.each([0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 3 * CHUNK_BYTES])(
  '%i bytes give all digests',
  (size) => {
    const path = join(folder(), 'file');
    const bytes = randomBytes(size);
    writeFileSync(path, bytes);
    const outcome = hash(path);
    if (outcome.kind !== 'hashed') {
      throw new Error(outcome.kind);
    }
    const names = ['md5', 'sha1', 'sha256'] as const;
    expect(names.map((name) => Buffer.from(outcome[name]).toString('hex'))).toEqual(
      names.map((name) => digest(name, bytes)),
    );
    expect(outcome.size).toBe(size);
  },
);

test('a file that grows is left at once, without a digest', () => {
  const path = large();
  let chunks = 0;
  const outcome = hash(path, () => {
    chunks += 1;
    appendFileSync(path, Buffer.alloc(CHUNK_BYTES));
    return chunks < 100;
  });
  expect(outcome).toMatchObject({ kind: 'refused', reason: expect.stringContaining('changed while it was read') });
  expect(chunks).toBeLessThan(6);
});

test('a file that shrinks gives no digest', () => {
  const path = large();
  const outcome = hash(path, () => {
    truncateSync(path, CHUNK_BYTES + 5);
    return true;
  });
  expect(outcome).toMatchObject({
    kind: 'refused',
    reason: `it changed while it was read: ${3 * CHUNK_BYTES + 17} bytes before, ${CHUNK_BYTES + 5} after; no digest was taken`,
    read: CHUNK_BYTES + 5,
  });
});

test('a file that is written to while it is read gives no digest, though its size stays', () => {
  const path = large();
  const outcome = hash(path, () => {
    utimesSync(path, 1, 1);
    return true;
  });
  expect(outcome).toMatchObject({
    kind: 'refused',
    reason: 'it was written to while it was read; no digest was taken',
  });
});

test('cancelled between chunks it is cut, and the rest is not read', () => {
  let chunks = 0;
  const outcome = hash(large(), () => {
    chunks += 1;
    return chunks < 2;
  });
  expect([outcome, chunks]).toEqual([{ kind: 'cut' }, 2]);
});

test('a file that is gone, and a folder in its place, are named', () => {
  const path = folder();
  expect(hash(join(path, 'gone'))).toEqual({
    kind: 'refused',
    reason: 'it was removed before it could be read',
    read: 0,
  });
  mkdirSync(join(path, 'folder'));
  expect(hash(join(path, 'folder'))).toEqual({
    kind: 'refused',
    reason: 'it became a folder, not a file',
    read: 0,
  });
});

test.runIf(!isWindows)('a pipe in its place is not opened, a link in a circle and a device are named', () => {
  const path = folder();
  execFileSync('mkfifo', [join(path, 'pipe')]);
  symlinkSync('round', join(path, 'round'));
  symlinkSync('/dev/zero', join(path, 'zero'));
  const reasonOf = (name: string): string => {
    const outcome = hash(join(path, name));
    return outcome.kind === 'refused' ? outcome.reason : outcome.kind;
  };
  expect(['pipe', 'round', 'zero'].map(reasonOf)).toEqual([
    'it became a pipe, not a file',
    'its links lead in a circle',
    'it became a device, not a file',
  ]);
});

test.runIf(process.platform === 'linux')('a file whose size says nothing is not taken for an empty one', () => {
  expect(hash('/proc/version')).toMatchObject({
    kind: 'refused',
    reason: expect.stringContaining('size says 0 bytes'),
  });
});

test.runIf(process.platform === 'linux')('an error in the middle of reading is named', () => {
  // Opens like a file; its first page cannot be read.
  expect(hash('/proc/self/mem')).toEqual({ kind: 'refused', reason: 'the disk reported an error', read: 0 });
});

test.runIf(!isWindows && !isRoot)('a file without permission is named', () => {
  const path = large();
  chmodSync(path, 0);
  expect(hash(path)).toEqual({ kind: 'refused', reason: 'permission denied', read: 0 });
});
