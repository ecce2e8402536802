import { expect, test } from 'vitest';
import { workerEntry } from '#main/platform/worker-entry.ts';

const source = new URL('file:///app/src-main/db/worker.ts');

test.each([
  ['file:///app/src-main/platform/worker-entry.ts', source.href],
  ['file:///app/.build/main/assay.js', 'file:///app/.build/main/db-worker.js'],
  ['file:///app/.build/main/chunks/engine-x1.js', 'file:///app/.build/main/db-worker.js'],
  ['file:///C:/app/.build/main/index.js', 'file:///C:/app/.build/main/db-worker.js'],
])('from %s a worker starts at %s', (here, expected) => {
  expect(workerEntry('db-worker', source, here).href).toBe(expected);
});
