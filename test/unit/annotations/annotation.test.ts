import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asNote, asTag, changedTags, joinedNotes, tagKey } from '#shared/domain/annotation.ts';

describe('a tag', () => {
  it('is trimmed and composed, and keeps its case', () => {
    expect(asTag('  APT 29 ')).toBe('APT 29');
    expect(asTag('e\u0301tude')).toBe('\u00E9tude');
    expect(asTag('x'.repeat(64))).toHaveLength(64);
  });

  it.each([
    '',
    '   ',
    'x'.repeat(65),
    'a\nb',
    'a\tb',
    'a\u0000',
    'a\u202Eb',
    'a\u2066b',
    'a\u2028b',
    '\uD800',
    'a\u0085b',
  ])('is not %j', (text) => expect(asTag(text)).toBeNull());

  it('stays one however often it is spelled, and the first spelling stays', () => {
    expect(changedTags(['Loader'], ['LOADER', 'apt', 'APT'])).toEqual(['apt', 'Loader']);
    expect(changedTags(['apt', 'Loader'], [], ['loader', 'none'])).toEqual(['apt']);
  });

  it('changes to the same set whatever the order', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ minLength: 1, maxLength: 4 })), (texts) => {
        const tags = texts.map(asTag).filter((tag) => tag !== null);
        const all = changedTags([], tags);
        expect(new Set(all.map(tagKey)).size).toBe(all.length);
        expect(changedTags([], tags.toReversed()).map(tagKey)).toEqual(all.map(tagKey));
        expect(changedTags(all, [], all)).toEqual([]);
        expect(changedTags(all, all)).toEqual(all);
      }),
    );
  });
});

describe('a note', () => {
  it('has plain line ends and nothing that is no text', () => {
    expect(asNote(' a\r\nb\rc\td\u0000\u001B[31m \n')).toBe('a\nb\nc\td[31m');
    expect(asNote('a\uD800')).toBe('a\uFFFD');
  });

  it('is joined with another one a line apart, each once', () => {
    expect(joinedNotes(['a', '', 'b', 'a'])).toBe('a\nb');
  });
});
