import { createHash } from 'node:crypto';

/** Invented digests: of a number written out. */
export const md5 = (seed: number): string => of('md5', seed);
export const sha1 = (seed: number): string => of('sha1', seed);
export const sha256 = (seed: number): string => of('sha256', seed);
export const sha512 = (seed: number): string => of('sha512', seed);

function of(algorithm: string, seed: number): string {
  return createHash(algorithm).update(String(seed)).digest('hex');
}
