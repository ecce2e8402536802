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
