import { compileTql, type Predicate, type Vocabulary } from './tql/compile.ts';
import type { Clock } from './tql/dates.ts';
import { byName, date, number, text } from './tql/parameters.ts';
import type { Expression } from './tql/parse.ts';
import { TqlError } from './tql/tokens.ts';
import type { StoredIndicator } from './world/indicator.ts';
import { techniqueOf, type World } from './world/world.ts';

type SubQuery = (inner: Expression, clock: Clock) => Predicate<StoredIndicator>;

/** One tag on one indicator. */
interface Tagged {
  readonly id: number;
  readonly name: string;
  readonly owner: string;
  readonly ownerId: number;
  readonly lastUsed: number;
}

/** `hasTag(…)` and `hasAllTags(…)`, by lower-case name. */
export function tagSubQueries(world: World): readonly (readonly [name: string, make: SubQuery])[] {
  return [
    ['hastag', (inner, clock) => carries(compileTql(inner, TAGS, clock), world)],
    ['hasalltags', (inner, clock) => carriesAll(inner, clock, world)],
  ];
}

const TAGS: Vocabulary<Tagged> = {
  parameters: byName<Tagged>([
    text('name', 'name, case-sensitive', ({ name }) => name),
    { ...text<Tagged>('summary', 'name in any case', ({ name }) => name), isCaseless: true },
    text('techniqueId', 'ATT&CK technique', ({ name }) => techniqueOf(name)),
    text('ownerName', 'name of the owner', ({ owner }) => owner),
    number('owner', 'id of the owner', ({ ownerId }) => ownerId),
    number('id', 'id', ({ id }) => id),
    date('lastUsed', 'when it was used last', ({ lastUsed }) => lastUsed),
  ]),
  has: new Map(),
};

function carries(matches: Predicate<Tagged>, world: World): Predicate<StoredIndicator> {
  return ({ tags, owner, lastModified }) => {
    const ownerId = tags.length === 0 ? 0 : (world.owner(owner)?.id ?? 0);
    return tags.some((name) => matches({ id: world.tagId(name), name, owner, ownerId, lastUsed: lastModified }));
  };
}

/** Every name of the list has to be carried: `hasAllTags(name in ("A", "B"))`. */
function carriesAll(inner: Expression, clock: Clock, world: World): Predicate<StoredIndicator> {
  if (inner.kind !== 'compare' || inner.isNegated || (inner.operator !== 'in' && inner.operator !== '=')) {
    throw new TqlError('hasAllTags takes one list of names', inner.kind === 'compare' ? inner.at : 0);
  }
  const each = inner.values.map((value) =>
    carries(compileTql({ ...inner, operator: '=', values: [value] }, TAGS, clock), world),
  );
  return (row) => each.every((part) => part(row));
}
