import { describe, expect, test } from 'vitest';
import { readPages } from '#main/formats/containers/pdf/read-pages.ts';
import { draw, makePages } from './make-pdf.ts';

const SHA256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
const SHA1 = 'da39a3ee5e6b4b0d3255bfef95601890afd80709';
const MD5 = 'd41d8cd98f00b204e9800998ecf8427e';

/** Lines of the pages, as they are handed on. */
async function linesOf(...pages: readonly string[]): Promise<string[]> {
  let text = '';
  for await (const each of readPages(makePages(pages), [])) {
    text += each.kind === 'page' ? each.text : '';
  }
  return text.split('\n').slice(0, -1);
}

/** Parts right below each other, 12 units apart. */
const below = (parts: readonly string[], left = 50, top = 100): string =>
  parts.map((part, index) => draw(part, left, top + index * 12)).join('');

const cut = (text: string, size: number): string[] => text.match(new RegExp(`.{1,${size}}`, 'g')) ?? [];

describe('digests broken over lines', () => {
  test('in a narrow cell', async () => {
    expect(await linesOf(below(cut(SHA256, 26)))).toEqual([SHA256]);
    expect(await linesOf(below(cut(SHA1, 25)))).toEqual([SHA1]);
    expect(await linesOf(below(cut(SHA256, 10)))).toEqual([SHA256]);
  });

  test('the first part is as long as another digest', async () => {
    expect(await linesOf(below(cut(SHA1, 32)))).toEqual([SHA1]);
    expect(await linesOf(below(cut(SHA256, 40)))).toEqual([SHA256]);
  });

  test('with a hyphen where it was broken, and text around it', async () => {
    const page = below([`The hash ${SHA256.slice(0, 40)}-`, `${SHA256.slice(40)} was seen`, 'on hosts']);
    expect(await linesOf(page)).toEqual([`The hash ${SHA256}`, 'was seen', 'on hosts']);
  });

  test('the rest could be a word or a number, under the name of the algorithm or by itself', async () => {
    const [start, rest] = [SHA256.slice(0, 62), SHA256.slice(62)];
    expect(rest).toBe('55');
    expect(await linesOf(below([`SHA-256: ${start}`, `${rest} was seen`]))).toEqual([`SHA-256: ${SHA256}`, 'was seen']);
    expect(await linesOf(below([start, rest]))).toEqual([SHA256]);
  });

  test('the rest could be a number, and the algorithm is named behind it', async () => {
    const page = below([`It drops ${SHA1.slice(0, 36)}`, `${SHA1.slice(36)} (SHA-1).`]);
    expect(SHA1.slice(36)).toBe('0709');
    expect(await linesOf(page)).toEqual([`It drops ${SHA1}`, '(SHA-1).']);
  });

  test('cells of one row are drawn in turn, line by line', async () => {
    const [first = '', second = '', third = ''] = cut(SHA256, 26);
    const [left = '', right = ''] = cut(SHA1, 26);
    const page = [
      draw(first, 50, 100),
      draw(left, 300, 100),
      draw(second, 50, 112),
      draw(right, 300, 112),
      draw(third, 50, 124),
    ];
    expect(await linesOf(page.join(''))).toEqual([`${SHA256}  ${SHA1}`]);
  });

  test('an algorithm named on an earlier page', async () => {
    expect(await linesOf(draw('SHA-256', 50, 50), below(cut(SHA256, 32)))).toEqual(['SHA-256', SHA256]);
  });
});

describe('values that stay apart', () => {
  const apart: readonly (readonly [name: string, page: string, lines: readonly string[]])[] = [
    ['two MD5 below each other', below([MD5, MD5]), [MD5, MD5]],
    ['two values of 16 digits', below(cut(MD5, 16)), cut(MD5, 16)],
    ['63 digits above a word', below([SHA256.slice(0, 63), 'a file was']), [SHA256.slice(0, 63), 'a file was']],
    ['62 digits above a number', below([SHA256.slice(0, 62), '12 hosts']), [SHA256.slice(0, 62), '12 hosts']],
    ['an MD5 above a date', below([MD5, '20240131']), [MD5, '20240131']],
    [
      'a line that is not full',
      below([SHA256.slice(0, 40), SHA256.slice(40), 'a much longer line of the same column in this place']),
      [SHA256.slice(0, 40), SHA256.slice(40), 'a much longer line of the same column in this place'],
    ],
    ['another left edge', draw(SHA256.slice(0, 40), 50, 100) + draw(SHA256.slice(40), 90, 112), cut(SHA256, 40)],
    ['a gap between the lines', draw(SHA256.slice(0, 40), 50, 100) + draw(SHA256.slice(40), 50, 140), cut(SHA256, 40)],
    ['another size', draw(SHA256.slice(0, 40), 50, 100) + draw(SHA256.slice(40), 50, 112, 14), cut(SHA256, 40)],
    [
      'capitals and small letters',
      below([SHA256.slice(0, 40), SHA256.slice(40).toUpperCase()]),
      [SHA256.slice(0, 40), SHA256.slice(40).toUpperCase()],
    ],
  ];
  test.each(apart)('%s', async (_, page, lines) => {
    expect(await linesOf(page)).toEqual(lines);
  });
});
