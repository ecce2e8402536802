import type { EntryDetail } from '#shared/contract/intake.ts';
import type { ProductName } from '../../intakes/keys/product-layout.ts';
import type { Digest } from './digest-keys.ts';
import type { KnownSets, OpenSet, SetHit } from './set-lookup.ts';

type SetView = EntryDetail['sets'][number];

const NO_PRODUCTS: SetView['products'] = { count: 0, atLeast: false, first: [] };

/** A set that holds one of these digests, strongest first: by which of them, and the products it names for it. */
export function setView(knownSets: KnownSets, hit: SetHit, digests: readonly Digest[]): SetView {
  const { id, name, edition, mark, datedAt } = hit;
  const open = knownSets.sets.find((set) => set.hit.id === id);
  const found = open === undefined ? undefined : firstHeld(open, digests);
  return {
    id,
    name,
    edition,
    mark,
    datedAt,
    matchedBy: found?.digest.kind ?? digests[0]?.kind ?? 'sha256',
    errorRate: null,
    products: found === undefined || open === undefined ? NO_PRODUCTS : productsOf(open, found),
  };
}

/** Filters that may hold one of these digests. They are told beside everything else and decide nothing. */
export function possibleSets(knownSets: KnownSets, digests: readonly Digest[]): readonly SetView[] {
  return knownSets.sets.flatMap(({ hit, filter }): readonly SetView[] => {
    const found =
      filter === null ? undefined : digests.find(({ kind, hex }) => kind === filter.meta.digest && filter.mayHold(hex));
    if (filter === null || found === undefined) {
      return [];
    }
    const { id, name, edition, mark, datedAt } = hit;
    const { errorRate } = filter.meta;
    return [{ id, name, edition, mark, datedAt, matchedBy: found.kind, errorRate, products: NO_PRODUCTS }];
  });
}

interface Held {
  readonly digest: Digest;
  readonly record: number;
}

function firstHeld(set: OpenSet, digests: readonly Digest[]): Held | undefined {
  for (const digest of digests) {
    const record = set.find(digest);
    if (record !== -1) {
      return { digest, record };
    }
  }
  return undefined;
}

function productsOf({ products }: OpenSet, { digest, record }: Held): SetView['products'] {
  if (products === null) {
    return NO_PRODUCTS;
  }
  const { count, atLeast, first } = products.of(digest.kind, record);
  return { count, atLeast, first: first.map((product): ProductName => products.name(product)) };
}
