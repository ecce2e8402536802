import { describe, expect, it } from 'vitest';
import { formatCatalogue } from '#main/formats/catalogue.ts';
import { CONTAINERS } from '#main/formats/containers/registry.ts';
import { FORMATS } from '#main/formats/registry.ts';

describe('the catalogue of formats', () => {
  const entries = formatCatalogue();

  it('names every format and container once, and says what each is', () => {
    expect(entries.map(({ id }) => id)).toEqual([...FORMATS, ...CONTAINERS].map(({ id }) => id));
    expect(new Set(entries.map(({ id }) => id)).size).toBe(entries.length);
    expect(entries.filter(({ what }) => what === '').map(({ id }) => id)).toEqual([]);
    const lists = entries.filter(({ kind }) => kind === 'list');
    expect(lists.filter(({ example }) => example === '').map(({ id }) => id)).toEqual([]);
    expect(lists.length).toBe(FORMATS.length);
  });

  it('uses no word that already says something else to --as', () => {
    expect(entries.filter(({ id }) => ['auto', 'sample'].includes(id))).toEqual([]);
  });
});
