import * as fc from 'fast-check';
import { SET_MARKS } from '#shared/domain/evidence.ts';
import { anyItem, anyPolicy } from '../../unit/domain/arbitrary-evidence.ts';
import { md5, NOW, sha1, sha256, type Digests, type Row, type World } from './world.ts';

/** Few numbers, so that files, entries, sets and rows meet often. */
const number = fc.integer({ min: 0, max: 5 });
const maybe = fc.option(number, { nil: null, freq: 2 });

export const anyDigests: fc.Arbitrary<Digests> = fc.tuple(maybe, maybe, maybe, number).map(([a, b, c, fallback]) => ({
  ...(a === null ? {} : { md5: md5(a) }),
  ...(b === null ? {} : { sha1: sha1(b) }),
  ...(c === null && (a !== null || b !== null) ? {} : { sha256: sha256(c ?? fallback) }),
}));

const anySingle = fc.tuple(fc.constantFrom(md5, sha1, sha256), number).map(([make, chosen]) => make(chosen));

const items = fc.uniqueArray(anyItem, { maxLength: 3, selector: (item) => item.source });

/** A change of what is known; `pick` chooses which existing file or entry it is about. */
const anyChange = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('file' as const), digests: anyDigests, items }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('list' as const),
      digests: anyDigests,
      side: fc.constantFrom('malicious' as const, 'non-malicious' as const),
      expiresAt: fc.option(fc.constantFrom(NOW - 5, NOW + 5), { freq: 3 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('items' as const), pick: fc.nat(), items }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('remove' as const), pick: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('unlist' as const), pick: fc.nat() }) },
);
export type Change = typeof anyChange extends fc.Arbitrary<infer C> ? C : never;

export const anyChanges = fc.array(anyChange, { maxLength: 8 });
export const anySets = fc.array(
  fc.record({ mark: fc.constantFrom(...SET_MARKS), digests: fc.array(anySingle, { minLength: 1, maxLength: 4 }) }),
  { maxLength: 2 },
);
const anyMixedRows: fc.Arbitrary<Row[]> = fc.array(
  fc
    .tuple(anyDigests, fc.constantFrom('asserted' as const, 'computed' as const))
    .map(([digests, link]) => ({ ...digests, link })),
  { minLength: 1, maxLength: 12 },
);
/** Rows of one digest of the same kind take ways of their own. */
const anyPlainRows: fc.Arbitrary<Row[]> = fc
  .tuple(fc.constantFrom('md5' as const, 'sha1' as const, 'sha256' as const), fc.uniqueArray(number, { minLength: 1 }))
  .map(([kind, numbers]) => numbers.map((one) => ({ [kind]: { md5, sha1, sha256 }[kind](one) })));
export const anyRows = fc.oneof(anyMixedRows, anyPlainRows);
export { anyPolicy };

export function apply(world: World, changes: readonly Change[]): void {
  const ids = (table: string): number[] =>
    world.db.prepare(`SELECT id FROM ${table} ORDER BY id`).pluck().all() as number[];
  const pickFrom = (table: string, pick: number): number | undefined => {
    const all = ids(table);
    return all[pick % Math.max(1, all.length)];
  };
  for (const change of changes) {
    if (change.do === 'file') {
      world.file(change.digests, change.items, 0);
    } else if (change.do === 'list') {
      world.listed(change.side, change.digests, change.expiresAt);
    } else {
      const id = pickFrom(change.do === 'unlist' ? 'hash_list' : 'files', change.pick);
      if (id !== undefined && change.do === 'items') {
        world.setItems(id, change.items);
      } else if (id !== undefined && change.do === 'remove') {
        world.removeFile(id);
      } else if (id !== undefined) {
        world.unlist(id);
      }
    }
  }
}

/** Empties the world, so that one database serves many runs. */
export function clear(world: World): void {
  for (const table of ['items', 'digest_keys', 'files', 'hash_list_keys', 'hash_list', 'known_sets']) {
    world.db.exec(`DELETE FROM ${table}`);
  }
}
