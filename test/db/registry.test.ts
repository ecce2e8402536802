import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { reads, writes } from '#main/db/repositories/index.ts';
import { ASSAY_VERSION } from '#shared/version.ts';

const FOLDER = new URL('../../src-main/db/repositories/', import.meta.url);

test('every function of every repository is registered once, under its own name', async () => {
  const names: string[] = [];
  for (const file of readdirSync(FOLDER).filter((name) => name !== 'index.ts')) {
    const module = (await import(new URL(file, FOLDER).href)) as Record<string, unknown>;
    for (const [name, group] of Object.entries(module)) {
      if (/(?:Reads|Writes)$/.test(name) && typeof group === 'object' && group !== null) {
        names.push(...Object.keys(group));
      }
    }
  }
  expect(names.toSorted()).toEqual([...Object.keys(reads), ...Object.keys(writes)].toSorted());
  expect(new Set(names).size).toBe(names.length);
});

test('the version is the one of the package', () => {
  const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  expect(ASSAY_VERSION).toBe(manifest.version);
});
