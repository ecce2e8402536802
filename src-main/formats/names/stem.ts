const WORDS = /md5|sha-?256|sha1|sha(?![a-z0-9])|hash(es)?|digests?|checksums?/g;
const NOISE = new Set(
  'file files data string hex value values sum sums lower upper content indicator ioc observable artifact sha2 attributes carried'.split(
    ' ',
  ),
);

/**
 * What is left of a name in parts (see nameInParts) without words for digests and files: `initiating-process` of
 * `initiating-process-sha256`, nothing of `file-hash-sha256`. Names with the same rest speak of the same file.
 */
export function stemOf(parts: string): string {
  return parts
    .split('-')
    .map((part) => part.replaceAll(WORDS, ''))
    .filter((part) => part !== '' && !NOISE.has(part))
    .join('-');
}
