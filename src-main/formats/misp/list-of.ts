import type { ObjectView } from '../json/dialect.ts';

/** The key of the list an element lies in, or its own; `around` is what is open around it. */
export function listOf(object: ObjectView, around: ObjectView | undefined): string {
  return object.rule.name === '' && around?.isObject === false ? around.rule.name : object.rule.name;
}
