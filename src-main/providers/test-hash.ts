import type { HexDigest } from '#shared/domain/hash.ts';

/** SHA-256 of the EICAR test file, 68 bytes: every source knows it, and asking gives nothing away. */
export const TEST_HASH = '275a021bbfb6489e54d471899f7db9d1663fc695ec2fe2a2c4538aabf651fd0f' as HexDigest;
