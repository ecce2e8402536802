import type { ObjectView } from '../json/dialect.ts';

/** The key of the list an element lies in, or its own. */
export function listOf(object: ObjectView, above: readonly ObjectView[]): string {
  const around = above.at(-1);
  return object.rule.name === '' && around?.isObject === false ? around.rule.name : object.rule.name;
}
