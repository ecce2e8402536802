import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { makeSampleItems, makeSamples, sampleDigest } from '../../fixtures/samples/make-samples.ts';
import { readAll } from './collect.ts';

const SAMPLES = fileURLToPath(new URL('../../../resources/samples/', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'assay-samples-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('the sample lists', () => {
  it('are what their generator makes', () => {
    makeSamples(folder);
    const contents = (from: string): [string, Buffer][] =>
      readdirSync(from)
        .sort()
        .map((name) => [name, readFileSync(join(from, name))]);
    expect(contents(SAMPLES)).toEqual(contents(folder));
    makeSampleItems(join(folder, 'items'));
    expect(readFileSync(join(SAMPLES, '..', 'sample-items.jsonl'))).toEqual(readFileSync(join(folder, 'items')));
  });

  it('teach what triage does with a table', () => {
    const found = readAll(readFileSync(join(SAMPLES, 'autoruns-host12.csv')));
    const different = new Set(found.hashes.map(({ digests }) => digests[0]));
    expect({
      records: found.counted,
      hashes: different.size,
      duplicates: found.hashes.length - different.size,
      without: found.without.length,
      rejected: found.rejected.length,
      columns: found.recognition.digestColumns,
      not: found.notDigests,
    }).toEqual({
      records: 2184,
      hashes: 1902,
      duplicates: 275,
      without: 3,
      rejected: 4,
      columns: ['MD5', 'SHA-1', 'SHA-256'],
      not: { pesha1: 2181, pesha256: 2181, imphash: 2181 },
    });
    expect(found.hashes[0]?.digests).toEqual([
      sampleDigest('sha256', 1),
      sampleDigest('sha1', 1),
      sampleDigest('md5', 1),
    ]);
  });

  it('teach checksum files and pasted notes, too', () => {
    expect(readAll(readFileSync(join(SAMPLES, 'sums.sha256'))).recognition.format).toBe('gnu');
    const notes = readAll(readFileSync(join(SAMPLES, 'notes.txt')));
    expect([notes.recognition.format, notes.recognition.isList, notes.hashes.length]).toEqual(['text', true, 4]);
  });
});
