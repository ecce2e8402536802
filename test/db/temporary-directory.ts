import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, onTestFinished } from 'vitest';

/** A folder of its own for the running test, removed when the test ends. */
export function temporaryDirectory(): string {
  const folder = mkdtempSync(join(tmpdir(), 'assay-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A folder for all tests of a file, removed when the file is done. Call it in `beforeAll`. */
export function temporaryDirectoryOfSuite(): string {
  const folder = mkdtempSync(join(tmpdir(), 'assay-test-'));
  suiteFolders.push(folder);
  return folder;
}

const suiteFolders: string[] = [];
afterAll(() => {
  for (const folder of suiteFolders.splice(0)) {
    rmSync(folder, { recursive: true, force: true });
  }
});
