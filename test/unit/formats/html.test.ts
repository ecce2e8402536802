import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readAll, recogniseText } from './collect.ts';
import { md5, sha1, sha256 } from './digests.ts';

const PAGE = readFileSync(new URL('../../fixtures/lists/page.html', import.meta.url));
const read = (text: string) => readAll(text, { format: 'html' });

describe('HTML', () => {
  it('reads rows by their headings and the rest as text, not what is not shown', () => {
    const found = readAll(PAGE);
    expect(found.recognition.why).toBe('HTML with 2 tables');
    expect(found.hashes.map(({ line, digests, carried }) => [line, digests, carried[0]])).toEqual([
      [13, [sha1(1)], ''],
      [14, [sha256(2)], ''],
      [18, [sha256(3), md5(3)], 'a & b.exe'],
      [19, [sha256(4), md5(4)], 'c.exe'],
      [25, [sha1(5)], 'e.exe'],
      [26, [md5(6)], 'f.exe'],
      [28, [md5(7)], ''],
    ]);
    expect(found.faults).toEqual([]);
  });

  it('does not need closing tags, and sees through odd ones', () => {
    const found = read(
      `<TABLE><TR><TH>name<TH>md5<TR><TD>a<TD>${md5(1)}<TR><TD title='>"'>b<TD>${md5(2)}</TABLE>1 < 2 ${md5(3)} <3 </ ${md5(4)}>x`,
    );
    expect(found.hashes.map(({ digests, carried }) => [digests[0], carried[0]])).toEqual([
      [md5(1), 'a'],
      [md5(2), 'b'],
      [md5(3), ''],
    ]);
    expect(found.counted).toBe(3);
  });

  it('is a list where it says what its hashes are, a sample where they are lost in text', () => {
    const page = (part: string) =>
      `<html><body><h1>Report</h1>${part}${'<p>Other words.</p>'.repeat(40)}</body></html>`;
    for (const part of [
      `<p>MD5: <code>${md5(1)}</code></p><p><b>SHA-256</b>: ${sha256(1)}</p>`,
      `<h3>SHA-256</h3><ul><li>${sha256(1)}</li><li>${sha256(2)}</li></ul>`,
      `<table><tr><td>MD5</td><td>${md5(1)}</td></tr><tr><td>SHA1</td><td>${sha1(1)}</td></tr></table>`,
    ]) {
      expect([part, recogniseText(page(part)).isList]).toEqual([part, true]);
    }
    for (const part of [`<p>MD5: ${md5(1)}</p>`, `<p>see ${md5(1)}</p><p>and ${sha256(1)}</p>`]) {
      expect([part, recogniseText(page(part)).isList]).toEqual([part, false]);
    }
  });

  it('parts what stands in lines of its own', () => {
    const [first, second] = [sha256(1).slice(0, 32), sha256(1).slice(32)];
    const digests = (text: string): string[] => read(text).hashes.map(({ digests: [digest = ''] }) => digest);
    expect(digests(`<div>${first}</div><div>${second}</div>`)).toEqual([first, second]);
    expect(digests(`<b>${first}</b><i>${second}</i>`)).toEqual([sha256(1)]);
    expect(digests(`<td>${first}</td><td>${second}</td>`)).toEqual([first, second]);
  });

  it('says when it ends inside a tag, a comment or a script, and keeps what came before', () => {
    for (const end of ['<a href="', '<!-- ', '<script>']) {
      const found = read(`<p>${md5(1)}</p>${end}${md5(2)}`);
      expect([found.hashes.length, found.faults]).toEqual([1, ['The input ends inside a tag, a comment or a script.']]);
    }
    for (let end = 0; end < PAGE.length; end += 3) {
      const part = readAll(PAGE.subarray(0, end), { format: 'html' });
      expect(part.reported).toBe(part.counted);
    }
  });

  it('rejects a row over 1 MiB and bounds lines of text, whatever the chunks are', () => {
    const text = `<table><tr><td>${'x'.repeat(1024 * 1024)}${md5(1)}<tr><td>${md5(2)}</table>${'word '.repeat(200_000)}${md5(3)}`;
    for (const sizes of [[], [65_536], [262_145, 7]]) {
      const found = readAll(text, { format: 'html' }, sizes);
      expect(found.hashes.map(({ digests }) => digests[0])).toEqual([md5(2), md5(3)]);
      expect([found.rejected.length, found.counted]).toEqual([1, found.reported]);
    }
  });

  it('is a list when it shows digests, and a sample when it only has some somewhere', () => {
    const prose = '<p>just some words</p>'.repeat(20);
    const row = `<tr><td>a</td><td>${md5(1)}</td></tr>`;
    for (const [text, isList] of [
      [`<html><script>var a = "${md5(1)}";</script>${prose}</html>`, false],
      [`<html>${prose}<p>${md5(1)}</p></html>`, false],
      [`<html>${prose}<table>${row.repeat(9)}</table></html>`, true],
      [`<html>${prose}<table><tr><th>Name</th><th><b>SHA-256</b></th></tr>${row}</table></html>`, true],
    ] as const) {
      expect([recogniseText(text).format, recogniseText(text).isList], text.slice(0, 40)).toEqual(['html', isList]);
    }
  });

  it('is not seen in text that mentions tags', () => {
    expect(recogniseText(`use <b> for ${md5(1)}</b>\n`).format).toBe('text');
    expect(recogniseText(`name,md5\n<p>a</p>,${md5(1)}\n<p>b</p>,${md5(2)}\n`).format).toBe('csv');
  });
});
