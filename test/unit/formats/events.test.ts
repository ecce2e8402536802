import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readAll, recogniseText } from './collect.ts';
import { md5, sha1, sha256 } from './digests.ts';

const fixture = (name: string): Buffer => readFileSync(new URL(`../../fixtures/lists/${name}`, import.meta.url));
const hashes = (seed: number): string =>
  `SHA1=${sha1(seed)},MD5=${md5(seed)},SHA256=${sha256(seed)},IMPHASH=${md5(seed + 50)}`;
const data = (name: string, value: string): string => `<Data Name='${name}'>${value}</Data>`;
const event = (...fields: string[]): string =>
  `<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><EventData>${fields.join('')}</EventData></Event>`;

describe('events as text', () => {
  it.each(['get-winevent.txt', 'wevtutil.txt'])('give one record each, with the file it is about: %s', (name) => {
    const found = readAll(fixture(name));
    expect(found.recognition.format).toBe('event-text');
    expect(found.hashes.map(({ digests, carried }) => [digests.length, carried[0], carried[3]])).toEqual(
      found.hashes.map((_, index) => [
        3,
        `C:\\Windows\\System32\\f${name === 'wevtutil.txt' ? index : index + 1}.exe`,
        'C:\\Windows\\explorer.exe',
      ]),
    );
    expect([found.hashes.length, found.notDigests]).toEqual([3, { imphash: 3 }]);
  });

  it('go on over lines the console broke', () => {
    const long = hashes(1);
    const found = readAll(
      `UtcTime: x\nImage: C:\\Program Files\\A\n       pp\\a.exe\nHashes: ${long.slice(0, 70)}\n        ${long.slice(70)}\nParentImage: C:\\p.exe\n`,
    );
    expect(found.hashes.map(({ line, digests, carried }) => [line, digests, carried[0]])).toEqual([
      [4, [sha256(1), sha1(1), md5(1)], 'C:\\Program Files\\App\\a.exe'],
    ]);
  });

  it('are told apart without blank lines, and those without a usable hash are accounted for', () => {
    const found = readAll(
      [
        `UtcTime: 1\nImage: C:\\a.exe\nHashes: ${hashes(1)}`,
        `UtcTime: 2\nImage: C:\\a.exe\nTargetFilename: C:\\b.exe\nHash: ${hashes(2)}`,
        'UtcTime: 3\nImage: C:\\c.exe',
        `UtcTime: 4\nHashes: MD5=${md5(4).slice(3)},IMPHASH=${md5(5)}`,
        'UtcTime: 5\nHashes: -\n',
      ].join('\n'),
    );
    expect(found.hashes.map(({ line, carried }) => [line, carried[0]])).toEqual([
      [3, 'C:\\a.exe'],
      [7, 'C:\\b.exe'],
    ]);
    expect(found.without.map(({ line }) => line)).toEqual([8, 13]);
    expect(found.rejected.map(({ line, column, reason }) => [line, column, reason])).toEqual([
      [11, 9, '29 hex digits; MD5 has 32, SHA-1 40, SHA-256 64'],
    ]);
    expect(found.counted).toBe(5);
  });
});

describe('events as XML', () => {
  it('give one record each, with names decoded and places', () => {
    const found = readAll(fixture('events.xml'));
    expect(found.recognition).toMatchObject({ format: 'event-xml', carriedColumns: expect.arrayContaining(['Image']) });
    expect(found.hashes.map(({ line, column, carried }) => [line, column, carried[0]])).toEqual(
      [14, 29, 44].map((line, index) => [line, 21, `C:\\Tools & more\\f${index}.exe`]),
    );
  });

  it('account for events without hashes, damaged ones, and what stands outside', () => {
    const text = [
      event(data('Image', 'a'), data('Hashes', hashes(1)), data('ImageLoaded', 'b.dll')),
      event(data('Image', 'a')),
      `<!-- ${md5(7)} -->`,
      event(data('Hashes', `MD5=${md5(3)}0`)),
      event(data('Note', hashes(4))).replace('</Event>', ''),
    ].join('\n');
    const found = readAll(text);
    expect(found.hashes.map(({ carried }) => carried[0])).toEqual(['b.dll']);
    expect([found.without.map(({ line }) => line), found.rejected.map(({ line }) => line)]).toEqual([[2, 5], [4]]);
    expect(found.notDigests).toEqual({ imphash: 1, 'hash outside an event': 1 });
    expect(found.faults).toEqual(['The input ends inside the event that starts in line 5.']);
    expect(found.counted).toBe(4);
  });

  it('read no entity declarations and no attributes', () => {
    const text = `<!DOCTYPE x [<!ENTITY a "${md5(1)}">]>\n${event(data('Hashes', 'MD5=&a;'), `<Data Name='x' y='${md5(2)}'>z</Data>`)}`;
    expect(readAll(text, { format: 'event-xml' }).hashes).toEqual([]);
  });

  it('reject an event over 1 MiB and go on behind it, whatever the chunks are', () => {
    const text = `${event(data('Image', 'x'.repeat(1024 * 1024)))}${event(data('Hashes', hashes(2)))}`;
    for (const sizes of [[], [65_536], [1024 * 1024 + 100, 7]]) {
      const found = readAll(text, { format: 'event-xml' }, sizes);
      expect([found.rejected.length, found.hashes.length, found.counted]).toEqual([1, 1, 2]);
    }
  });

  it('keep what came before a cut, wherever it is', () => {
    const whole = Buffer.from(event(data('Hashes', hashes(1))) + event(data('Hashes', hashes(2))));
    for (let end = 0; end <= whole.length; end += 1) {
      const found = readAll(whole.subarray(0, end), { format: 'event-xml' });
      expect(found.reported).toBe(found.counted);
      expect(found.hashes.length).toBeGreaterThanOrEqual(end > whole.length / 2 + 5 ? 1 : 0);
    }
  });

  it('are not seen in other XML', () => {
    expect(recogniseText(`<a><Event>${md5(1)}</Event></a>`).format).toBe('text');
  });
});
