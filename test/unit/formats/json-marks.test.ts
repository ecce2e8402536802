import { describe, expect, it } from 'vitest';
import { readAll } from './collect.ts';
import { sha1 } from './digests.ts';

// A pattern that looks at every run of marks again from each place in it would take minutes here.
describe('a value of very many marks', () => {
  it.each([`'`, '\\', 'a=', '0-'])('%s is read in one go', (mark) => {
    const many = `${mark.repeat(400_000 / mark.length)}x`;
    for (const key of ['md5', 'hash', 'pattern', 'value', 'note']) {
      const text = JSON.stringify({ type: 'indicator', [key]: many, sha1: sha1(1) });
      for (const format of ['json', 'stix', 'misp']) {
        expect(readAll(text, { format }).hashes.length).toBe(1);
      }
    }
  });

  it('is read in one go inside a pattern', () => {
    const pattern = `[file:name = '${'a'.repeat(900_000)}' AND file:hashes.'SHA-1' = '${sha1(1)}']`;
    const found = readAll(JSON.stringify({ type: 'indicator', pattern }), { format: 'stix' });
    expect(found.hashes.map(({ digests }) => digests)).toEqual([[sha1(1)]]);
  });
});
