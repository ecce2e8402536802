import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { flagWords, inDisplayOrder, triageColumns } from '#renderer/features/triage/columns.tsx';
import {
  accountingParts,
  EVERYTHING,
  isFiltered,
  withFlag,
  withSort,
  withStatus,
} from '#renderer/features/triage/query.ts';
import type { Column } from '#renderer/grid/column.ts';
import { isShown, toggled, type ColumnChoice } from '#renderer/grid/shown-columns.ts';
import type { GridRow } from '#shared/contract/intake.ts';
import { accounting, NOW, row } from '../world.ts';

describe('the query of an intake', () => {
  it('takes pressed counts in and out again', () => {
    const both = withStatus(withStatus(EVERYTHING, 'malicious'), 'suspicious');
    expect(both.statuses).toEqual(['malicious', 'suspicious']);
    expect(withStatus(both, 'malicious').statuses).toEqual(['suspicious']);
    expect([isFiltered(EVERYTHING), isFiltered(withFlag(EVERYTHING, 'stale'))]).toEqual([false, true]);
  });

  it('starts verdicts with the worst, everything else from the beginning, and turns on the second press', () => {
    const byHash = withSort(EVERYTHING, 'hash');
    expect([byHash.sort, byHash.descending]).toEqual(['hash', false]);
    expect(withSort(byHash, 'hash').descending).toBe(true);
    expect(withSort(byHash, 'verdict').descending).toBe(true);
  });
});

describe('the accounting line', () => {
  it('names every part that is not zero, hashes always', () => {
    const words = (change: Parameters<typeof accounting>[0]): readonly string[] =>
      accountingParts(accounting(change)).map(({ value, word }) => `${value} ${word}`);
    expect(words({ hashes: 0, records: 2, rejected: 2 })).toEqual(['0 hashes', '2 rejected']);
    expect(words({ hashes: 1, duplicates: 1, withoutHash: 3 })).toEqual(['1 hash', '1 duplicate', '3 without a hash']);
  });
});

describe('the columns of an intake', () => {
  it('show the name of the file beside the hash, and every carried column exactly once', () => {
    const carried = ['Time', 'Image Path', 'Signer', 'Image Path', ''];
    const columns = triageColumns(carried, 'utc', NOW);
    expect(columns.map(({ header }) => header)).toEqual([
      'Verdict',
      'Hash',
      'Image Path',
      'Basis',
      'Age',
      'Line',
      'Kind',
      'Image Path',
      'Time',
      'Signer',
      'Column 5',
    ]);
    expect(new Set(columns.map(({ id }) => id)).size).toBe(columns.length);
    expect(inDisplayOrder(carried).map(({ place }) => place)).toEqual([1, 3, 0, 2, 4]);
  });

  it('show whatever names a file where several inputs name it in different columns', () => {
    const carried = ['name', 'Time', 'path'];
    const columns = triageColumns(carried, 'utc', NOW, undefined, 2);
    expect(columns.map(({ header }) => header).slice(1, 4)).toEqual(['Hash', 'File', 'Basis']);
    const shown = (values: string[]): string =>
      renderToStaticMarkup(columns.find(({ header }) => header === 'File')?.render(row(0, { carried: values })));
    expect(shown(['a.exe', '', 'b.zip'])).toContain('a.exe');
    expect(shown(['', '11:00', 'b.zip'])).toContain('b.zip');
    expect(shown(['', '11:00', ''])).not.toContain('11:00');
    expect(triageColumns(['name', 'Time'], 'utc', NOW, undefined, 2)[2]?.header).toBe('name');
  });

  it('name the input of several, and of one do not', () => {
    const headers = (inputs: number): readonly string[] =>
      triageColumns(['name'], 'utc', NOW, undefined, inputs).map(({ header }) => header);
    expect([headers(1).includes('Input'), headers(2)]).toEqual([
      false,
      ['Verdict', 'Hash', 'name', 'Basis', 'Age', 'Line', 'Input', 'Kind'],
    ]);
    const column = triageColumns([], 'utc', NOW, undefined, 2).find(({ id }) => id === 'input');
    expect(column?.sort).toBe('input');
    expect(renderToStaticMarkup(column?.render(row(0, { input: 'case.zip › tools.csv' })))).toContain('tools.csv');
  });

  it('name of one archive or workbook only what lies in it, the whole on hover', () => {
    const cell = (input: string): string =>
      renderToStaticMarkup(
        triageColumns([], 'utc', NOW, undefined, 2, undefined, { outer: 'book.xlsx' })
          .find(({ id }) => id === 'input')
          ?.render(row(0, { input })),
      );
    expect(cell('book.xlsx › Hosts').replaceAll(/<[^>]*>/g, '')).toBe('Hosts');
    expect(cell('book.xlsx › Hosts')).toContain('title="book.xlsx › Hosts"');
    expect(cell('book.xlsx').replaceAll(/<[^>]*>/g, '')).toBe('book.xlsx');
  });

  it('stand last and hidden where no row has anything in them', () => {
    const carried = ['Image Path', 'Signer', 'path'];
    const columns = triageColumns(carried, 'utc', NOW, undefined, 1, undefined, { empty: [0] });
    const choice = { hidden: ['kind'], shown: [] };
    const shown = (by: ColumnChoice): readonly string[] =>
      columns.filter((column) => isShown(column, by)).map(({ header }) => header);
    expect(shown(choice)).toEqual(['Verdict', 'Hash', 'path', 'Basis', 'Age', 'Line', 'Signer']);
    const last = columns.at(-1);
    expect(last).toMatchObject({ header: 'Image Path', isEmpty: true });
    const chosen = toggled(last as Column<GridRow>, choice);
    expect(shown(chosen)).toEqual([...shown(choice), 'Image Path']);
    expect(toggled(last as Column<GridRow>, chosen)).toEqual(choice);
    // A list that has something in it is not concerned by what was chosen for an empty one.
    expect(isShown({ ...(last as Column<GridRow>), isEmpty: false }, choice)).toBe(true);
  });

  it('show as many tags as have room, the first always, and read out all of them', () => {
    const tags = ['APT29', 'loader', 'reviewed', 'seen'];
    const cell = (width: number | undefined, shown: string[]): string =>
      renderToStaticMarkup(
        triageColumns([], 'utc', NOW, { tags, noted: 0 }, 1, width)
          .find(({ id }) => id === 'tags')
          ?.render(row(0, { tags: shown })),
      );
    const drawn = (markup: string): readonly (string | undefined)[] =>
      [...markup.matchAll(/<bdi[^>]*>([^<]*)|aria-hidden="true">([^<]*)/g)].map(([, tag, more]) => tag ?? more);
    expect(drawn(cell(undefined, tags))).toEqual(['APT29', '+3']);
    expect(drawn(cell(48, tags))).toEqual(['APT29', '+3']);
    expect(drawn(cell(400, tags))).toEqual(tags);
    expect(drawn(cell(undefined, ['a long tag that is cut by the column']))).toEqual([
      'a long tag that is cut by the column',
    ]);
    expect(cell(undefined, [])).not.toContain('bdi');
    expect(cell(48, tags)).toContain('title="APT29, loader, reviewed, seen"');
    expect(cell(48, tags)).toContain('<span class="visually-hidden">loader, reviewed, seen</span>');
  });

  it('take no profile and no size of a file for its name', () => {
    const names = ['Profile', 'File size', 'FileVersion', 'FileName', 'file', 'Process File Path'];
    expect(inDisplayOrder(names).map(({ name }) => name)).toEqual([
      'FileName',
      'file',
      'Process File Path',
      'Profile',
      'File size',
      'FileVersion',
    ]);
  });

  it('say in words what a verdict must not hide', () => {
    expect(flagWords({ verdict: { flags: ['weak', 'conflict'] } })).toBe(
      'matched by MD5 or SHA-1 alone; answers disagree',
    );
  });
});
