import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import type { GridQuery } from '#shared/contract/intake.ts';
import { EVERY_ROW } from '../../every-row.ts';
import { openBench } from './intake-bench.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

test('rows name the input they came from, are ordered by it and found by its name; empty columns are told', async () => {
  const bench = await openBench();
  const { intakes } = bench;
  const list = (name: string, ...files: readonly string[]) => ({
    kind: 'text' as const,
    name,
    text: `image,signer,sha256\n${files.map((file) => `${file},,${sha256(file)}\n`).join('')}`,
  });
  const { id } = await bench.read([
    list('host 10.csv', 'ten'),
    list('host 9.csv', 'nine', 'ten'),
    list('a.csv', 'first'),
  ]);
  const { emptyColumns, intake } = await intakes.get(id);
  expect((emptyColumns ?? []).map((place) => intake.columns[place])).toEqual(['signer']);
  const shown = async (change: Partial<GridQuery>): Promise<readonly string[]> =>
    (await intakes.rows(id, { ...EVERY_ROW, ...change }, { offset: 0, limit: 10 })).rows.map(
      ({ input, carried }) => `${input}: ${carried[0]}`,
    );
  const ordered = ['a.csv: first', 'host 9.csv: nine', 'host 10.csv: ten'];
  expect(await shown({ sort: 'input' })).toEqual(ordered);
  expect(await shown({ sort: 'input', descending: true })).toEqual(ordered.toReversed());
  // One of its occurrences is enough.
  expect(await shown({ sort: 'position', text: 'HOST 9' })).toEqual(['host 10.csv: ten', 'host 9.csv: nine']);
  const single = await bench.read([list('host.csv', 'one')]);
  expect((await intakes.rows(single.id, { ...EVERY_ROW, text: 'host' }, { offset: 0, limit: 1 })).total).toBe(0);
});
