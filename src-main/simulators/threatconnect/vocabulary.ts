import type { Quirks } from './quirks.ts';
import { tagSubQueries } from './tag-queries.ts';
import type { Parameter, Predicate, Vocabulary } from './tql/compile.ts';
import { networkTest } from './tql/network.ts';
import { byName, date, number, text } from './tql/parameters.ts';
import { INDICATOR_TYPE_NAMES, type StoredIndicator } from './world/indicator.ts';
import type { World } from './world/world.ts';

type Row = StoredIndicator;

/** Sub-queries over objects of which this instance has none: what stands inside is read, and nothing matches. */
const WITHOUT_OBJECTS = [
  'hasAttribute',
  'hasGroup',
  'hasIndicator',
  'hasSecurityLabel',
  'hasArtifact',
  'hasCase',
  'hasVictim',
  'hasIntelRequirement',
];

/** What queries over the indicators of an instance can name. Names are met in any case. */
export function indicatorVocabulary(world: World, quirks: () => Quirks): Vocabulary<Row> {
  const nothing = (): Predicate<Row> => () => false;
  return {
    parameters: byName(indicatorParameters(world, quirks)),
    has: new Map([...tagSubQueries(world), ...WITHOUT_OBJECTS.map((name) => [name.toLowerCase(), nothing] as const)]),
  };
}

/** Number of a type, for the parameter `type`. */
export function typeId(name: Row['type']): number {
  return INDICATOR_TYPE_NAMES.indexOf(name) + 1;
}

function indicatorParameters(world: World, quirks: () => Quirks): readonly Parameter<Row>[] {
  const ownerId = ({ owner }: Row): number | null => world.owner(owner)?.id ?? null;
  const ofAddress = (row: Row): string | null => (row.type === 'Address' ? row.summary : null);
  return [
    text('typeName', 'name of the type', ({ type }) => type),
    number('type', 'id of the type', ({ type }) => typeId(type)),
    text('ownerName', 'name of the owner', ({ owner }) => owner),
    number('owner', 'id of the owner', ownerId),
    text('tag', 'name of a tag', ({ tags }) => tags),
    text('tagOwnerName', 'name of the owner of a tag', ({ tags, owner }) => tags.map(() => owner)),
    { ...number('rating', 'threat rating', ({ rating }) => rating), type: 'Float' },
    number('confidence', 'confidence', ({ confidence }) => confidence),
    number('threatAssessScore', 'ThreatAssess score', ({ threatAssess }) => threatAssess),
    number('calScore', 'CAL score', ({ threatAssess }) => threatAssess),
    number('falsePositiveCount', 'false positives reported', ({ falsePositives }) =>
      falsePositives === 0 && quirks().hasNullCounts ? null : falsePositives,
    ),
    date('lastFalsePositive', 'when one was reported last', ({ lastFalsePositive }) => lastFalsePositive),
    number('observationCount', 'observations', ({ observations }) => observations),
    date('lastModified', 'when it was changed last', ({ lastModified }) => lastModified),
    date('dateAdded', 'when it was added', ({ dateAdded }) => dateAdded),
    ...['firstSeen', 'lastSeen', 'lastObserved'].map((name) => date(name, 'never told by this instance', () => null)),
    {
      name: 'indicatorActive',
      type: 'Boolean',
      description: 'whether it is active; both are meant only when both are asked for',
      read: ({ active }) => active,
    },
    text('summary', 'the indicator itself', ({ summary }) => summary),
    text('value1', 'its first value; MD5 of a file', (row) => (row.type === 'File' ? row.md5 : row.summary)),
    text('value2', 'its second value; SHA-1 of a file', ({ sha1 }) => sha1),
    text('value3', 'its third value; SHA-256 of a file', ({ sha256 }) => sha256),
    number('fileSize', 'size of a file in bytes', ({ size }) => size),
    text('source', 'where it comes from', ({ source }) => source),
    text('description', 'what is said about it', ({ description }) => description),
    text('securityLabel', 'never told by this instance', () => []),
    number('vtMaliciousCount', 'never told by this instance', () => null),
    {
      name: 'addressIsIpv6',
      type: 'Boolean',
      description: 'whether an address is IPv6',
      read: (row) => ofAddress(row)?.includes(':') ?? null,
    },
    {
      ...text('addressCidr', 'network in which an address lies', ofAddress),
      meets(literal) {
        const test = networkTest(literal);
        return test === null ? null : (row) => test(row.summary);
      },
    },
    number('id', 'id', ({ id }) => id),
  ];
}
