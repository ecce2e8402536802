import type { ReportRow } from '../port.ts';
import { uuidBytes, uuidV5Bytes } from '../../../platform/uuid-v5.ts';
import { ASSAY_NAMESPACE } from '../facts/namespace.ts';

/** Names of the digests in STIX: hash-algorithm-ov of STIX 2.1, 10.3. */
const STIX_HASH = { md5: 'MD5', sha1: 'SHA-1', sha256: 'SHA-256' } as const;
const WEAKEST_FIRST = ['md5', 'sha1', 'sha256'] as const;

/** The namespace of all deterministic ids of observable objects: STIX 2.1, 2.9. */
const OBSERVABLES = uuidBytes('00abedb4-aa42-466c-9c01-fed23315a9b7');

/** Digests by the names STIX gives the algorithms. */
export type StixHashes = Readonly<Record<string, string>>;

/** A row's digests under their names in STIX. */
export function stixHashes(digests: ReportRow['digests']): StixHashes {
  return Object.fromEntries(
    WEAKEST_FIRST.flatMap((kind) => {
      const hex = digests[kind];
      return hex === undefined ? [] : [[STIX_HASH[kind], hex]];
    }),
  );
}

/** What a bundle says a file is: two files of which one is said differently are two objects. */
export interface FileContent {
  readonly hashes: StixHashes;
  /** Empty where there is none. */
  readonly name: string;
  /** In bytes. */
  readonly size: number | null;
}

/**
 * An id of its own for a file whose id, as every producer gives it, is taken by other content: that id follows from one
 * hash and the name, and files may share both. The same content gets the same one.
 */
export function contentId({ hashes, name, size }: FileContent): Buffer {
  return uuidV5Bytes(ASSAY_NAMESPACE, `file ${JSON.stringify([hashes, name, size])}`);
}

/**
 * The id every producer gives to the same file: STIX 2.1, 2.9 and 6.7.1. The name hashed is the canonical JSON (RFC 8785)
 * of the contributing properties that are there: `hashes`, `name`, `extensions` and `parent_directory_ref`. Of several
 * hashes only one contributes, the first there is of MD5, SHA-1, SHA-256, SHA-512. Assay gives files no extension, because
 * one would change their ids. Keys are written in sorted order and both texts are well formed, so that `JSON.stringify`
 * writes canonical JSON.
 */
export function fileId(hashes: StixHashes, name: string): Buffer {
  const chosen = WEAKEST_FIRST.map((kind) => STIX_HASH[kind]).find((key) => hashes[key] !== undefined) ?? 'SHA-256';
  const contributing = { hashes: { [chosen]: hashes[chosen] }, ...(name === '' ? {} : { name }) };
  return uuidV5Bytes(OBSERVABLES, JSON.stringify(contributing));
}
