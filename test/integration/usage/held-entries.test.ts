import fc from 'fast-check';
import { expect, test } from 'vitest';
import { never } from '../cache/open-cache.ts';
import { hash, receivedWorld, type ReceivedWorld } from './received-world.ts';

/** Rows of MD5, SHA-1 and SHA-256, each there or not, as a list with columns. */
const row = fc.record({ n: fc.nat(400), kinds: fc.constantFrom(['md5'], ['sha1'], ['sha256'], ['md5', 'sha256']) });
type Row = { readonly n: number; readonly kinds: readonly string[] };

const cells = ({ n, kinds }: Row): string =>
  (['md5', 'sha1', 'sha256'] as const).map((kind) => (kinds.includes(kind) ? hash(kind, n) : '')).join(',');
/** The digest a row counts by. */
const leadOf = ({ n, kinds }: Row): string => `${kinds.at(-1) ?? ''} ${n}`;

async function dropped(world: ReceivedWorld, rows: readonly Row[]): Promise<number> {
  return world.drop(['md5,sha1,sha256', ...rows.map(cells)]);
}

/** Bits of all stretches, one after the other. */
async function heldOf(world: ReceivedWorld, id: number, other: number, limit: number): Promise<number> {
  let held = 0;
  for (let from: number | null = 0; from !== null;) {
    const part: Awaited<ReturnType<typeof world.engine.intakes.heldEntries>> = await world.engine.intakes.heldEntries(
      id,
      other,
      from,
      limit,
    );
    held += [...part.bits].reduce((sum, byte) => sum + byte.toString(2).replaceAll('0', '').length, 0);
    from = part.next;
  }
  return held;
}

test('what two lists have in common is found whatever they hold, in stretches of any length', async () => {
  const world = await receivedWorld();
  const rows = fc.array(row, { minLength: 1, maxLength: 120 });
  await fc.assert(
    fc.asyncProperty(rows, rows, fc.integer({ min: 1, max: 200 }), async (first, second, limit) => {
      const [one, two] = [await dropped(world, first), await dropped(world, second)];
      const digestsOf = (all: readonly Row[]) => new Set(all.map(leadOf));
      const entriesOf = (all: readonly Row[]) => new Set(all.map(cells));
      const theirs = digestsOf(second);
      const common = [...entriesOf(first)].filter((line) =>
        theirs.has(leadOf(first.find((each) => cells(each) === line) as Row)),
      );
      expect(await heldOf(world, one, two, limit)).toBe(common.length);
      // With itself: rows whose strongest digest another row has as well.
      const own = entriesOf(first).size - digestsOf(first).size;
      expect(await heldOf(world, one, one, limit)).toBe(own);
      await world.engine.intakes.forget(one);
      await world.engine.intakes.forget(two);
    }),
    { numRuns: 25 },
  );
});

test('an intake that is gone says so', async () => {
  const world = await receivedWorld();
  const id = await world.drop([hash('sha256', 1)]);
  await expect(world.engine.intakes.heldEntries(id, 999, 0, 10)).rejects.toThrow(/999/);
  await world.engine.recording.settle(never);
});
