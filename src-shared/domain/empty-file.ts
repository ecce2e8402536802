import type { DigestKind } from './hash.ts';

/** Digests of the empty file, lower-case hex: known to all and worth no call. */
export const EMPTY_FILE: Readonly<Record<DigestKind, string>> = {
  md5: 'd41d8cd98f00b204e9800998ecf8427e',
  sha1: 'da39a3ee5e6b4b0d3255bfef95601890afd80709',
  sha256: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
};
