import type { QueuePartArgs } from '../../queue-types.ts';
import { purposeCode } from '../codes.ts';
import { ANY, type GroupKey } from './groups.ts';

/** A part of the queue by stored codes, ANY where everything is meant. */
export function partKey(part: QueuePartArgs): GroupKey {
  return {
    source: part.source ?? ANY,
    purpose: part.purpose === undefined ? ANY : purposeCode(part.purpose),
    intakeId: part.intakeId ?? ANY,
  };
}

/** True when the group belongs to the part. */
export function isInPart(part: GroupKey, group: GroupKey): boolean {
  return (
    (part.source === ANY || part.source === group.source) &&
    (part.purpose === ANY || part.purpose === group.purpose) &&
    (part.intakeId === ANY || part.intakeId === group.intakeId)
  );
}

/** The same as SQL over the named columns; three parameters (`valuesOf`). */
export function partSql(source: string, purpose: string, intakeId: string): string {
  return `? IN (${ANY}, ${source}) AND ? IN (${ANY}, ${purpose}) AND ? IN (${ANY}, ${intakeId})`;
}

export function valuesOf(part: GroupKey): readonly [number, number, number] {
  return [part.source, part.purpose, part.intakeId];
}
