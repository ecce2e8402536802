import { gzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createDecoder, decodeBytes, decodeStream, isGzip } from '#main/formats/decode.ts';
import { chunksOf } from './collect.ts';
import { sha256 } from './digests.ts';

const TEXT = Array.from({ length: 300 }, (_, index) => `${sha256(index)}  grüße ${index} ✓ 😀.txt\r\n`).join('');
const wide = (text: string, bigEndian: boolean): Buffer => {
  const bytes = Buffer.from(text, 'utf16le');
  return bigEndian ? bytes.swap16() : bytes;
};

async function decoded(bytes: Uint8Array, sizes: readonly number[]) {
  const source = (async function* () {
    yield* chunksOf(bytes, sizes);
  })();
  const { info, chunks } = decodeStream(source);
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) {
    parts.push(Buffer.from(chunk));
  }
  return { text: Buffer.concat(parts).toString(), ...info };
}

describe('decoding', () => {
  const cases: [string, Buffer, string][] = [
    ['UTF-8', Buffer.from(TEXT), 'UTF-8'],
    ['a BOM', Buffer.from(`\ufeff${TEXT}`), 'UTF-8 with BOM'],
    ['UTF-16 LE with BOM', wide(`\ufeff${TEXT}`, false), 'UTF-16 LE'],
    ['UTF-16 BE with BOM', wide(`\ufeff${TEXT}`, true), 'UTF-16 BE'],
    ['UTF-16 LE without BOM', wide(TEXT, false), 'UTF-16 LE'],
    ['UTF-16 BE without BOM', wide(TEXT, true), 'UTF-16 BE'],
    ['gzip', gzipSync(TEXT), 'UTF-8, gzip'],
    ['gzip in members', Buffer.concat([gzipSync(TEXT.slice(0, 5000)), gzipSync(TEXT.slice(5000))]), 'UTF-8, gzip'],
    ['gzip of UTF-16', gzipSync(wide(`\ufeff${TEXT}`, false)), 'UTF-16 LE, gzip'],
  ];

  it.each(cases)('reads %s, however it is cut', async (_, bytes, encoding) => {
    for (const sizes of [[], [1], [4095, 1, 2], [777]]) {
      expect(await decoded(bytes, sizes)).toEqual({ text: TEXT, encoding, fault: null });
    }
  });

  it('passes plain UTF-8 through as the very same chunks', () => {
    const decoder = createDecoder();
    const chunk = Buffer.from(TEXT);
    expect(decoder.push(chunk)).toEqual([chunk]);
    expect(decoder.push(chunk)[0]).toBe(chunk);
    expect(decoder.end()).toEqual([]);
  });

  it('keeps what a cut-off gzip stream held and says where it ended', async () => {
    const packed = gzipSync(TEXT);
    const { text, fault } = await decoded(packed.subarray(0, packed.length - 2000), [500]);
    expect(text.length).toBeGreaterThan(1000);
    expect(TEXT.startsWith(text.slice(0, -4))).toBe(true);
    expect(fault).toMatch(/^The gzip data is cut off or damaged after \d+ unpacked bytes/);
  });

  it('says that gzip data is damaged in the middle', async () => {
    const packed = gzipSync(TEXT);
    packed.fill(0x55, packed.length / 2, packed.length / 2 + 40);
    expect((await decoded(packed, [])).fault).toMatch(/damaged/);
  });

  it('hands on the error of its source', async () => {
    for (const first of [Buffer.from('plain'), gzipSync(TEXT)]) {
      const source = (async function* () {
        yield first;
        throw new Error('disk gone');
      })();
      await expect(
        (async () => {
          for await (const chunk of decodeStream(source).chunks) {
            void chunk;
          }
        })(),
      ).rejects.toThrow('disk gone');
    }
  });

  it('does not take a program for UTF-16', async () => {
    const program = Buffer.alloc(4096);
    program.write('MZ');
    for (let at = 64; at < 4096; at += 4) {
      program.writeUInt32LE(at * 77, at);
    }
    expect((await decodeBytes(program)).info.encoding).toBe('UTF-8');
  });

  it('never fails, whatever the bytes are', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), fc.boolean(), async (bytes, packed) => {
        const input = packed ? Buffer.concat([Buffer.from([0x1f, 0x8b, 8]), bytes]) : bytes;
        const { info } = await decodeBytes(input);
        expect(typeof info.encoding).toBe('string');
        expect(info.fault === null || isGzip(input)).toBe(true);
      }),
      { numRuns: 200 },
    );
  });
});
