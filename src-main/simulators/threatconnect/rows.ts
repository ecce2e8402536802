import { ApiError } from './answers.ts';
import type { StoredIndicator } from './world/indicator.ts';
import { techniqueOf, type World } from './world/world.ts';

/** What is told about an indicator only when it is asked for, by the names of `fields`. */
export const OPTIONAL_FIELDS = [
  'associatedArtifacts',
  'associatedCases',
  'associatedGroups',
  'associatedIndicators',
  'associationName',
  'attributes',
  'customAssociations',
  'dnsResolution',
  'enrichment',
  'externalDates',
  'falsePositives',
  'fileActions',
  'fileOccurrences',
  'genericCustomIndicatorValues',
  'geoLocation',
  'investigationLinks',
  'observations',
  'securityLabels',
  'sightings',
  'tags',
  'threatAssess',
  'trackedUsers',
  'whoIs',
] as const;

const LINKS = 'https://threatconnect.example';

/** The wanted fields; ApiError when one is unknown. */
export function wantedFields(names: readonly string[]): ReadonlySet<string> {
  const unknown = names.find((name) => !OPTIONAL_FIELDS.some((field) => field === name));
  if (unknown !== undefined) {
    throw new ApiError('0x1001', `unknown field "${unknown}"`);
  }
  return new Set(names);
}

/** An indicator as it is told. What is unset is left out. */
export function wireRow(row: StoredIndicator, fields: ReadonlySet<string>, world: World): Record<string, unknown> {
  return {
    id: row.id,
    ownerId: world.owner(row.owner)?.id,
    ownerName: row.owner,
    dateAdded: instant(row.dateAdded),
    webLink: `${LINKS}/#/details/indicators/${row.id}/overview`,
    ...(fields.has('tags') ? tagsOf(row, world) : {}),
    type: row.type,
    lastModified: instant(row.lastModified),
    ...told({ rating: row.rating, confidence: row.confidence, description: row.description, source: row.source }),
    ...(fields.has('threatAssess') ? threatAssessOf(row) : {}),
    ...(fields.has('falsePositives') ? falsePositivesOf(row) : {}),
    ...(fields.has('observations') ? { observations: row.observations } : {}),
    ...emptyLists(fields),
    summary: row.summary,
    privateFlag: row.privateFlag,
    active: row.active,
    activeLocked: false,
    ...ownFields(row),
    legacyLink: `${LINKS}/auth/indicators/details/${row.type.toLowerCase()}.xhtml?id=${row.id}`,
  };
}

/** A moment as it is told: ISO 8601, whole seconds, UTC. */
export function instant(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`;
}

function ownFields(row: StoredIndicator): Record<string, unknown> {
  switch (row.type) {
    case 'Address':
      return { ip: row.summary };
    case 'File':
      return told({ md5: row.md5, sha1: row.sha1, sha256: row.sha256, size: row.size });
    case 'Host':
      return { hostName: row.summary, dnsActive: row.id % 2 === 0, whoisActive: row.id % 3 === 0 };
    case 'URL':
      return { text: row.summary };
    case 'EmailAddress':
      return { address: row.summary };
    default:
      return { value1: row.summary };
  }
}

/** Without any, the object is empty or left out: both are met. */
function tagsOf({ id, tags, lastModified }: StoredIndicator, world: World): Record<string, unknown> {
  if (tags.length === 0) {
    return id % 2 === 0 ? { tags: {} } : {};
  }
  const lastUsed = instant(lastModified);
  return {
    tags: {
      data: tags.map((name) => ({
        id: world.tagId(name),
        name,
        ...told({ techniqueId: techniqueOf(name) }),
        lastUsed,
      })),
    },
  };
}

function threatAssessOf({
  threatAssess: score,
  falsePositives,
  observations,
}: StoredIndicator): Record<string, unknown> {
  return score === null
    ? {}
    : {
        threatAssessRating: score / 200,
        threatAssessConfidence: score / 10,
        threatAssessScore: score,
        threatAssessScoreObserved: observations > 0 ? 20 : 0,
        threatAssessScoreFalsePositive: falsePositives > 0 ? -40 : 0,
        calScore: score,
      };
}

function falsePositivesOf({ falsePositives, lastFalsePositive }: StoredIndicator): Record<string, unknown> {
  return {
    falsePositives,
    ...(lastFalsePositive === null ? {} : { lastFalsePositive: instant(lastFalsePositive) }),
  };
}

/** Of these this instance has none. */
function emptyLists(fields: ReadonlySet<string>): Record<string, unknown> {
  const lists = ['attributes', 'securityLabels', 'associatedGroups', 'associatedIndicators', 'associatedCases'];
  return Object.fromEntries(lists.filter((name) => fields.has(name)).map((name) => [name, {}]));
}

function told(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null));
}
