import { mkdirSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { HexDigest } from '#shared/domain/hash.ts';
import { STATUS_CODE } from '#shared/domain/status.ts';
import { readVerdicts } from '#main/intakes/verdict-file.ts';
import { intakePlace } from '#main/services/intake/places.ts';
import { openBench, temporaryFolder } from './intake-bench.ts';
import { EVERY_ROW } from '../../every-row.ts';

const hex = (algorithm: string, text: string): string => createHash(algorithm).update(text).digest('hex');

function treeOf(...contents: readonly string[]): string {
  const folder = join(temporaryFolder(), 'tree');
  mkdirSync(folder);
  contents.forEach((content, index) => writeFileSync(join(folder, `f${index}`), content));
  return folder;
}

test('a folder is judged once: what its own files taught the database tells it nothing', async () => {
  const { database, intakes } = await openBench();
  const { finished } = await intakes.start(
    { door: 'terminal', inputs: [{ kind: 'path', path: treeOf('a', 'b', 'c') }], reading: { as: 'auto' } },
    () => undefined,
    new AbortController().signal,
  );
  const { id, accounting } = await finished;
  expect(accounting.hashes).toBe(3);
  const { seq } = await database.read('changedKinds', { since: 0 });
  const kept = readVerdicts(intakePlace(database.directory, id).now, 3);
  expect(kept.stamp).toMatchObject({ seq, judgedAt: expect.any(Number) });
});

test('a list dropped with the folder learns from it at once', async () => {
  const { database, intakes } = await openBench();
  await database.write('importItems', {
    items: [
      {
        digests: { sha256: hex('sha256', 'a') as HexDigest },
        source: 1,
        status: STATUS_CODE.malicious,
        noAnswer: null,
        score: null,
        threat: null,
        rawCode: null,
        firstSeen: null,
        scannedAt: 5,
      },
    ],
    at: 5,
  });
  const inputs = [
    { kind: 'path' as const, path: treeOf('a', 'b') },
    { kind: 'text' as const, name: 'list', text: `${hex('md5', 'a')}\n` },
  ];
  const { finished } = await intakes.start(
    { door: 'terminal', inputs, reading: { as: 'auto' } },
    () => undefined,
    new AbortController().signal,
  );
  const { id } = await finished;
  const { rows } = await intakes.rows(id, EVERY_ROW, { offset: 0, limit: 10 });
  expect(rows.map(({ kind, verdict }) => `${kind} ${verdict.status}`).sort((a, b) => a.localeCompare(b))).toEqual([
    'md5 malicious',
    'sha256 malicious',
    'sha256 unknown',
  ]);
});
