import { randomBytes } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { crc32 } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { ByteSource, ContainerFinding } from '#main/formats/containers/port.ts';
import { sevenZip } from '#main/formats/containers/seven-zip/seven-zip.ts';
import { archiveOf, oneFile } from './hand-made.ts';
import { memorySource } from '../opened.ts';
import { fixture } from './packed-files.ts';

const MIB = 1024 * 1024;
const SOLID = fixture('solid.7z');
const forever = new AbortController().signal;

/** A file of `size` bytes stored as it is, and what of the archive was read of it so far. */
function large(size: number): {
  readonly source: ByteSource;
  readonly content: Buffer;
  readonly furthest: () => number;
} {
  const content = randomBytes(size);
  const source = memorySource(archiveOf(oneFile('large.bin', { id: '00' }, size, size, crc32(content)), content));
  let furthest = 0;
  const read = async (at: number, length: number): Promise<Uint8Array> => {
    // The list of members lies at the end.
    furthest = at + length < source.size - MIB ? Math.max(furthest, at + length) : furthest;
    return source.read(at, length);
  };
  return { source: { ...source, read }, content, furthest: () => furthest };
}

async function first(findings: AsyncIterable<ContainerFinding>): Promise<AsyncIterator<Uint8Array>> {
  for await (const finding of { [Symbol.asyncIterator]: () => keepOpen(findings) }) {
    if (finding.kind === 'member') {
      return finding.content[Symbol.asyncIterator]();
    }
  }
  throw new TypeError('there is no member');
}

/** Leaving a loop over it does not end it. */
function keepOpen<Item>(items: AsyncIterable<Item>): AsyncIterator<Item> {
  const iterator = items[Symbol.asyncIterator]();
  return { next: () => iterator.next() };
}

/** A number once it has stood still for a while. Too short a while would let a test pass, never fail. */
async function settled(value: () => number): Promise<number> {
  for (let last = -1; ;) {
    if (value() === last) {
      return last;
    }
    last = value();
    await setTimeout(150);
  }
}

describe('reading a 7z archive', () => {
  it('unpacks no further than a few MiB ahead of who reads', async () => {
    const { source, content, furthest } = large(64 * MIB);
    const findings = sevenZip.open(source, { passwords: [], signal: forever });
    const chunks = await first(findings);
    const parts = [(await chunks.next()).value as Uint8Array];
    expect(await settled(furthest)).toBeLessThan(12 * MIB);
    for (let next = await chunks.next(); next.done !== true; next = await chunks.next()) {
      parts.push(next.value);
    }
    expect(Buffer.concat(parts).equals(content)).toBe(true);
    await findings[Symbol.asyncIterator]().return?.();
  });

  it('ends in the middle of a member when it is cancelled', async () => {
    const cancel = new AbortController();
    const findings = sevenZip.open(large(32 * MIB).source, { passwords: [], signal: cancel.signal });
    const chunks = await first(findings);
    await chunks.next();
    cancel.abort(new Error('cancelled by hand'));
    await expect(
      (async () => {
        while ((await chunks.next()).done !== true) {
          // Until it ends.
        }
      })(),
    ).rejects.toThrow('cancelled by hand');
    await findings[Symbol.asyncIterator]().return?.();
  });

  it('passes over members nobody reads, or reads in part', async () => {
    const names: string[] = [];
    for await (const finding of sevenZip.open(memorySource(SOLID), { passwords: [], signal: forever })) {
      names.push(finding.name);
      if (finding.kind === 'member' && finding.name === 'long.txt') {
        await finding.content[Symbol.asyncIterator]().next();
      }
    }
    expect(names).toHaveLength(8);
  });

  it('gives up what the system cannot read with the error of the system', async () => {
    const source = memorySource(SOLID);
    const broken: ByteSource = {
      ...source,
      read: (at, length) => (length > 32 ? Promise.reject(new Error('EIO: i/o error')) : source.read(at, length)),
    };
    const findings = sevenZip.open(broken, { passwords: [], signal: forever });
    await expect(findings[Symbol.asyncIterator]().next()).rejects.toThrow('EIO');
  });
});
