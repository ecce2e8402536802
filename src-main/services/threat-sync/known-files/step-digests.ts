import { createHash, type Hash } from 'node:crypto';
import { DIGEST_KINDS, parseDigest, type DigestKind } from '#shared/domain/hash.ts';
import type { Term } from '#shared/domain/indicator.ts';

/** Digests are packed so many at a time: one small buffer each would take several times their size. */
const PACK = 1_000;

/** Digests of one step, gathered in order of their indicators: 16 to 68 bytes a file. */
export class StepDigests {
  readonly #pending: Readonly<Record<DigestKind, string[]>> = { md5: [], sha1: [], sha256: [] };
  readonly #packed: Readonly<Record<DigestKind, Buffer[]>> = { md5: [], sha1: [], sha256: [] };
  readonly #hashes: Readonly<Record<DigestKind, Hash>> = {
    md5: createHash('sha256'),
    sha1: createHash('sha256'),
    sha256: createHash('sha256'),
  };
  #count = 0;

  get isEmpty(): boolean {
    return this.#count === 0;
  }

  /** Takes what the terms hold of digests. */
  take(terms: readonly Term[]): void {
    for (const { kind, value } of terms) {
      const digest = kind === 'md5' || kind === 'sha1' || kind === 'sha256' ? parseDigest(value) : null;
      if (digest !== null && digest.kind === kind) {
        this.#pending[digest.kind].push(digest.hex);
        this.#count += 1;
        if (this.#pending[digest.kind].length >= PACK) {
          this.#pack(digest.kind);
        }
      }
    }
  }

  /** The digests by kind, and what names them all. Nothing can be taken afterwards. */
  end(): { readonly digests: Readonly<Record<DigestKind, Uint8Array>>; readonly content: string } {
    const whole = createHash('sha256');
    for (const kind of DIGEST_KINDS) {
      this.#pack(kind);
      whole.update(this.#hashes[kind].digest());
    }
    const all = (kind: DigestKind): Uint8Array => Buffer.concat(this.#packed[kind]);
    return { digests: { md5: all('md5'), sha1: all('sha1'), sha256: all('sha256') }, content: whole.digest('hex') };
  }

  #pack(kind: DigestKind): void {
    const packed = Buffer.from(this.#pending[kind].join(''), 'hex');
    this.#pending[kind].length = 0;
    this.#packed[kind].push(packed);
    this.#hashes[kind].update(packed);
  }
}
