import { expect, it } from 'vitest';
import { FORMATS } from '#main/formats/registry.ts';
import { run } from './stage.ts';

it('names every format without opening a data directory', async () => {
  const openEngine = async (): Promise<never> => {
    throw new Error('no engine is needed');
  };
  const { code, out, err } = await run(['formats', '--format', 'json'], { openEngine });
  expect({ code, err }).toEqual({ code: 0, err: '' });
  const rows = JSON.parse(out) as { id: string; label: string; kind: string; what: string; example: string }[];
  expect(rows.map(({ id }) => id)).toEqual(expect.arrayContaining(FORMATS.map(({ id }) => id)));
  expect(rows.find(({ id }) => id === 'csv')).toEqual({
    id: 'csv',
    label: 'CSV',
    kind: 'list',
    what: 'commas between cells; columns of hashes by header or content',
    example: 'name,md5,sha256',
  });
  const table = await run(['formats', '--no-color'], { columns: 100 });
  expect(table.out.split('\n')[0]).toMatch(/^format +name +what it is +example/);
  expect(Math.max(...table.out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
});
