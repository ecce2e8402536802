import { expect, it } from 'vitest';
import { byFormat } from '#shared/domain/by-format.ts';

const input = (format: string, hashed: number, rejected = 0) => ({
  format,
  formatLabel: format.toUpperCase(),
  records: hashed + rejected,
  counts: { hashed, without: 0, rejected, otherLines: 1 },
});

it('adds inputs up by format, in the order each was met first', () => {
  expect(byFormat([input('csv', 2), input('gnu', 5, 1), input('csv', 3)])).toEqual([
    {
      format: 'csv',
      label: 'CSV',
      inputs: 2,
      records: 5,
      counts: { hashed: 5, without: 0, rejected: 0, otherLines: 2 },
    },
    {
      format: 'gnu',
      label: 'GNU',
      inputs: 1,
      records: 6,
      counts: { hashed: 5, without: 0, rejected: 1, otherLines: 1 },
    },
  ]);
});

it('says nothing about counts that one of the inputs lacks', () => {
  const { counts: _counts, ...old } = input('csv', 4);
  expect(byFormat([input('csv', 2), old])).toMatchObject([{ records: 6, counts: null }]);
  expect(byFormat([])).toEqual([]);
});
