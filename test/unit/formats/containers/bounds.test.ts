import { expect, test } from 'vitest';
import { bounded, BOUNDS, Meter } from '#main/formats/containers/bounds.ts';
import { MemberFault } from '#main/formats/containers/port.ts';

const SMALL = { ...BOUNDS, members: 3, bytes: 1_000, ratio: 10, ratioFrom: 100, allNameBytes: 20 };

async function* chunks(count: number, size: number): AsyncGenerator<Uint8Array> {
  for (let index = 0; index < count; index += 1) {
    yield new Uint8Array(size);
  }
}

/** How much came out, and what it ended by. */
async function read(content: AsyncIterable<Uint8Array>): Promise<readonly [number, string | null]> {
  let bytes = 0;
  try {
    for await (const chunk of content) {
      bytes += chunk.length;
    }
    return [bytes, null];
  } catch (error) {
    return [bytes, error instanceof MemberFault ? `${error.why}: ${error.message}` : String(error)];
  }
}

test('content within the bounds passes as it is', async () => {
  const meter = new Meter(1_000, SMALL);
  expect(await read(bounded(chunks(10, 100), meter, 100))).toEqual([1_000, null]);
  expect(meter.reached).toBe(null);
});

test('a member beyond its ratio ends, and the container goes on', async () => {
  const meter = new Meter(1_000, SMALL);
  expect(await read(bounded(chunks(10, 60), meter, 12))).toEqual([
    120,
    'limit: it unpacks to more than 10 times its packed size',
  ]);
  expect(meter.reached).toBe(null);
  expect(await read(bounded(chunks(1, 60), meter, 12))).toEqual([60, null]);
});

test('a container beyond its ratio or its bytes is over', async () => {
  const dense = new Meter(20, SMALL);
  expect(await read(bounded(chunks(10, 60), dense))).toEqual([180, 'limit: it unpacks to more than 10 times its size']);
  expect(dense.reached).toBe('it unpacks to more than 10 times its size');
  const large = new Meter(1_000, { ...SMALL, bytes: 300 });
  expect((await read(bounded(chunks(10, 100), large)))[0]).toBe(300);
});

test('what comes out of a container inside counts for the one around it', async () => {
  const outer = new Meter(20, SMALL);
  const inner = new Meter(1_000, SMALL, outer);
  expect(await read(bounded(chunks(10, 60), inner))).toEqual([180, 'limit: it unpacks to more than 10 times its size']);
  expect([inner.reached, outer.reached]).toEqual([outer.reached, 'it unpacks to more than 10 times its size']);
});

test('members and their names are counted', () => {
  const meter = new Meter(10, SMALL);
  ['a', 'b', 'c'].forEach((name) => meter.countMember(name));
  expect(() => meter.countMember('d')).toThrow('it holds more than 3 files');
  expect(() => new Meter(10, SMALL).countMember('n'.repeat(21))).toThrow('the names in it take more than');
});
