import { createHash } from 'node:crypto';

/** What identifies a file. */
export interface FileDigests {
  readonly size: number;
  readonly md5: Uint8Array;
  readonly sha1: Uint8Array;
  readonly sha256: Uint8Array;
}

/** MD5, SHA-1 and SHA-256 of bytes as they pass by. */
export class Digester {
  readonly #md5 = createHash('md5');
  readonly #sha1 = createHash('sha1');
  readonly #sha256 = createHash('sha256');
  #size = 0;

  update(chunk: Uint8Array): void {
    this.#size += chunk.length;
    this.#md5.update(chunk);
    this.#sha1.update(chunk);
    this.#sha256.update(chunk);
  }

  /** Ends it; to be called once. */
  end(): FileDigests {
    return {
      size: this.#size,
      md5: this.#md5.digest(),
      sha1: this.#sha1.digest(),
      sha256: this.#sha256.digest(),
    };
  }
}
