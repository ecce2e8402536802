import { withPlainTime } from './plain-time.ts';

/** The condition on false positives where `buildTql` puts it: the last of the criteria. */
const FALSE_POSITIVES =
  / and \(falsePositiveCount <= \d+ or falsePositiveCount is null\)(?=(?: and lastModified >= "[^"]+")?(?: and \(indicatorActive = true or indicatorActive = false\))?\)$)/;

/**
 * A query of `buildTql` in the ways servers may want it, always as many, the usual one first: with a time without a zone,
 * without the condition on false positives, which compares with null and is looked at again in the rows, and with both.
 * What is documented of neither is tried. `own` is the user's TQL, which is left as it is.
 */
export function writingsOf(tql: string, own: string): readonly string[] {
  const plain = withPlainTime(tql, own) ?? tql;
  const without = (text: string): string => (own.trim() === '' ? text.replace(FALSE_POSITIVES, '') : text);
  return [tql, plain, without(tql), without(plain)];
}
