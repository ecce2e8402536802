import { ApiError } from './answers.ts';
import type { Quirks } from './quirks.ts';
import { sorted } from './sorting.ts';
import { compileTql, comparisonsIn, parametersIn, type Vocabulary } from './tql/compile.ts';
import { parseTql, type Expression } from './tql/parse.ts';
import { TqlError } from './tql/tokens.ts';
import { indicatorVocabulary } from './vocabulary.ts';
import type { StoredIndicator } from './world/indicator.ts';
import type { SimulatedOwner } from './world/owner-book.ts';
import type { World } from './world/world.ts';

/** What a list is asked for. Empty texts are not said. */
export interface Question {
  readonly tql: string;
  readonly sorting: string;
  readonly owner: string | null;
}

/** The indicators the API user may read, by question. */
export interface Catalog {
  readonly vocabulary: Vocabulary<StoredIndicator>;
  /** All that match, in order. Throws TqlError and ApiError. `now`: milliseconds. */
  list(question: Question, now: number): readonly StoredIndicator[];
  /** The owner of this name, or the organization for null. ApiError when it is unknown or may not be read. */
  ownerFor(name: string | null): SimulatedOwner;
}

/** Lists that are kept while nothing changes: somebody who pages asks for the same one again and again. */
const KEPT = 6;

/** `quirks` is looked at with every question. */
export function createCatalog(world: World, quirks: () => Quirks): Catalog {
  const vocabulary = indicatorVocabulary(world, quirks);
  const kept = new Map<string, readonly StoredIndicator[]>();
  let keptVersion = -1;
  return {
    vocabulary,
    ownerFor: (name) => ownerFor(world, name),
    list(question, now) {
      if (keptVersion !== world.version || kept.size >= KEPT) {
        kept.clear();
        keptVersion = world.version;
      }
      const isTimed = /NOW|TODAY/i.test(question.tql);
      const key = JSON.stringify([question, { ...quirks(), expiresAfter: null }, isTimed ? now : 0]);
      const list = kept.get(key) ?? listed(question, { world, vocabulary, quirks: quirks(), now });
      kept.set(key, list);
      return list;
    },
  };
}

interface Listing {
  readonly world: World;
  readonly vocabulary: Vocabulary<StoredIndicator>;
  readonly quirks: Quirks;
  readonly now: number;
}

function listed(question: Question, { world, vocabulary, quirks, now }: Listing): readonly StoredIndicator[] {
  const { zoneMinutes, ownerlessIsOrganization, ignoresSorting } = quirks;
  const expression = question.tql.trim() === '' ? null : withoutIds(parseTql(question.tql), quirks);
  refuseForbidden(expression, world, quirks);
  const isWanted = expression === null ? () => true : compileTql(expression, vocabulary, { now, zoneMinutes });
  const owners = ownersOf(world, question.owner, ownerlessIsOrganization && !namesOwner(expression));
  const isBoth = expression !== null && parametersIn(expression).has('indicatoractive');
  const found = world.indicators().filter((row) => owners.has(row.owner) && (isBoth || row.active) && isWanted(row));
  return sorted(found, ignoresSorting ? '' : question.sorting, vocabulary);
}

function ownersOf(world: World, named: string | null, organizationOnly: boolean): ReadonlySet<string> {
  return named === null && !organizationOnly
    ? new Set(
        world
          .owners()
          .filter(isReadable)
          .map(({ name }) => name),
      )
    : new Set([ownerFor(world, named).name]);
}

function ownerFor(world: World, name: string | null): SimulatedOwner {
  const found = name === null ? world.owners().find(({ type }) => type === 'Organization') : world.owner(name);
  if (found === undefined) {
    throw new ApiError('0x1004', `no owner ${name ?? 'by default'}`);
  }
  if (!isReadable(found)) {
    throw new ApiError('0x1003', `the owner ${found.name} is not accessible`);
  }
  return found;
}

/** The query as an instance understands it that does not compare ids, or does not say that it cannot. */
function withoutIds(expression: Expression, { idComparison }: Pick<Quirks, 'idComparison'>): Expression {
  if (idComparison === 'met') {
    return expression;
  }
  if ('parts' in expression) {
    return { ...expression, parts: expression.parts.map((part) => withoutIds(part, { idComparison })) };
  }
  if (expression.kind === 'has' || expression.parameter.toLowerCase() !== 'id') {
    return expression;
  }
  if (idComparison === 'refused') {
    throw new TqlError('unknown parameter "id"', expression.at);
  }
  return { kind: 'and', parts: [] };
}

function isReadable({ permIndicator }: SimulatedOwner): boolean {
  return permIndicator !== 'NONE' && permIndicator !== 'BUILD';
}

function namesOwner(expression: Expression | null): boolean {
  return expression !== null && ['owner', 'ownername'].some((name) => parametersIn(expression).has(name));
}

/** Whoever names an owner that may not be read is told so, unless this instance keeps silent. */
function refuseForbidden(expression: Expression | null, world: World, { forbidsInSilence }: Quirks): void {
  if (expression === null || forbidsInSilence) {
    return;
  }
  const named = comparisonsIn(expression)
    .filter(({ parameter, isNegated }) => parameter.toLowerCase() === 'ownername' && !isNegated)
    .flatMap(({ values }) => values.map(({ value }) => world.owner(String(value))));
  const forbidden = named.find((owner) => owner !== undefined && !isReadable(owner));
  if (forbidden !== undefined) {
    throw new ApiError('0x1003', `the owner ${forbidden.name} is not accessible`);
  }
}
