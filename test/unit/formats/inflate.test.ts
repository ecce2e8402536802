import { constants, gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { inflate } from '#main/formats/bytes/inflate.ts';
import { sha256 } from './digests.ts';

const TEXT = Array.from({ length: 5_000 }, (_, index) => `${sha256(index)}\n`).join('');
const PACKED = gzipSync(TEXT);

async function unpacked(packed: Buffer, size = 256 * 1024): Promise<{ text: string; fault: string | null }> {
  async function* chunks(): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < packed.length; at += size) {
      yield packed.subarray(at, at + size);
    }
  }
  const info = { fault: null as string | null };
  const parts: Uint8Array[] = [];
  for await (const part of inflate(chunks(), info)) {
    parts.push(part);
  }
  return { text: Buffer.concat(parts).toString('latin1'), fault: info.fault };
}

describe('damaged gzip data', () => {
  it.each([256 * 1024, 1_000])('keeps everything before bytes that are none, in chunks of %d', async (size) => {
    const { text, fault } = await unpacked(Buffer.concat([PACKED, Buffer.from('a signature behind the data')]), size);
    expect(text === TEXT).toBe(true);
    expect(fault).toContain(`damaged after ${TEXT.length} unpacked bytes`);
  });

  it('keeps everything when only the checksum is wrong', async () => {
    const wrong = Buffer.from(PACKED);
    wrong.writeUInt32LE(0, wrong.length - 8);
    const { text, fault } = await unpacked(wrong);
    expect(text === TEXT).toBe(true);
    expect(fault).toContain('incorrect data check');
  });

  it.each([256 * 1024, 1_000])('keeps what came before a cut, in chunks of %d', async (size) => {
    const half = PACKED.subarray(0, PACKED.length / 2);
    const { text, fault } = await unpacked(half, size);
    const sound = gunzipSync(half, { finishFlush: constants.Z_SYNC_FLUSH }).toString('latin1');
    expect(text === sound && TEXT.startsWith(text) && text.length > 100_000).toBe(true);
    expect(fault).toContain('unexpected end of file');
  });

  it('reads members one behind the other, and padding, without a fault', async () => {
    const { text, fault } = await unpacked(Buffer.concat([PACKED, PACKED, Buffer.alloc(500)]));
    expect([text === TEXT + TEXT, fault]).toEqual([true, null]);
  });
});
