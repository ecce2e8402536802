import { relatedSchema, type SingleData } from './schema.ts';

/** Names of the entities under one type of `relatedEntities`, the most often mentioned first. */
export function relatedOf({ relatedEntities }: SingleData, type: string): readonly string[] {
  return (relatedEntities ?? [])
    .flatMap((one) => {
      const related = relatedSchema.safeParse(one).data;
      return related?.type === type ? (related.entities ?? []) : [];
    })
    .toSorted((a, b) => (b?.count ?? 0) - (a?.count ?? 0))
    .flatMap((one) => one?.entity?.name ?? []);
}

/** Names of the entities in the lists of one type under `links`, in their order. */
export function linkedNames({ links }: SingleData, type: string): readonly string[] {
  return listAt(links, 'hits')
    .flatMap((hit) => listAt(hit, 'sections'))
    .flatMap((section) => listAt(section, 'lists'))
    .filter((list) => fieldOf(fieldOf(list, 'type'), 'name') === type)
    .flatMap((list) => listAt(list, 'entities'))
    .map((entity) => fieldOf(entity, 'name'))
    .filter((name) => typeof name === 'string');
}

function listAt(value: unknown, name: string): readonly unknown[] {
  const list = fieldOf(value, name);
  return Array.isArray(list) ? list : [];
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;
}
