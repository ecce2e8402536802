import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KnownTexts } from '#main/formats/bytes/known-texts.ts';
import { textOf } from '#main/formats/bytes/text.ts';

describe('known texts', () => {
  it('are those of the bytes, whatever was read before', () => {
    const texts = new KnownTexts();
    const part = fc.uint8Array({ maxLength: 40 });
    const short = fc
      .array(fc.constantFrom(0x61, 0x62, 0xc3, 0xbc), { maxLength: 5 })
      .map((bytes) => Uint8Array.from(bytes));
    fc.assert(
      fc.property(fc.array(fc.oneof(short, part), { maxLength: 40 }), fc.nat(3), (parts, before) => {
        for (const one of [...parts, ...parts]) {
          const bytes = Buffer.concat([Buffer.alloc(before, 0x7a), one, Buffer.from('z')]);
          const end = before + one.length;
          expect(texts.textOf(bytes, before, end)).toBe(textOf(bytes, before, end));
        }
      }),
      { numRuns: 300 },
    );
  });

  it('that were read already are the same bytes in another place', () => {
    const texts = new KnownTexts();
    const bytes = Buffer.from('sha256 sha1 sha256 sha257');
    expect([0, 12, 19].map((at) => texts.textOf(bytes, at, at + 6))).toEqual(['sha256', 'sha256', 'sha257']);
  });
});
