import type { InputCounts, InputSink } from '../../../../intakes/intake-builder.ts';
import { SAMPLE_COLUMNS, SAMPLE_INPUT, SAMPLE_MASK } from '../read-samples.ts';
import type { ReadingSession } from '../session.ts';
import type { FileDigests } from './digester.ts';

const FIRST_FILES = 64;
const MD5_BYTES = 16;
const SHA1_BYTES = 20;
const SHA256_BYTES = 32;
const DIGEST_BYTES = MD5_BYTES + SHA1_BYTES + SHA256_BYTES;

/**
 * Files of one container, kept until its end: records of an input follow one another, and lists of the container are
 * inputs of their own that come in between. About 80 bytes each beside the name, as many as a container may hold members.
 */
export class HeldFiles {
  readonly #paths: string[] = [];
  readonly #reasons = new Map<number, string>();
  #digests = Buffer.alloc(FIRST_FILES * DIGEST_BYTES);
  #sizes = new Float64Array(FIRST_FILES);
  #first: { readonly path: string; readonly outcome: FileDigests | { readonly reason: string } } | null = null;

  get hashed(): number {
    return this.#paths.length - this.#reasons.size;
  }

  hash(path: string, { size, md5, sha1, sha256 }: FileDigests): void {
    const index = this.#add(path);
    this.#sizes[index] = size;
    const at = index * DIGEST_BYTES;
    this.#digests.set(md5, at);
    this.#digests.set(sha1, at + MD5_BYTES);
    this.#digests.set(sha256, at + MD5_BYTES + SHA1_BYTES);
  }

  refuse(path: string, reason: string): void {
    this.#reasons.set(this.#add(path), reason);
  }

  /** The container itself, which is listed before what it holds. */
  addFirst(path: string, outcome: FileDigests | { readonly reason: string }): void {
    this.#first = { path, outcome };
  }

  /** Reports all of them as the records of one input. */
  report(session: ReadingSession): InputCounts {
    // Columns without a value would stand in the way of those that the lists inside carry.
    const sink = this.#isNamed()
      ? session.builder.startInput(SAMPLE_COLUMNS, SAMPLE_INPUT)
      : session.builder.startInput([]);
    if (this.#first !== null) {
      const { path, outcome } = this.#first;
      reportFile(path, outcome, sink);
    }
    for (const [index, path] of this.#paths.entries()) {
      const reason = this.#reasons.get(index);
      reportFile(path, reason === undefined ? this.#digestsAt(index) : { reason }, sink);
    }
    return sink.counts;
  }

  #isNamed(): boolean {
    return this.hashed > 0 || (this.#first !== null && !('reason' in this.#first.outcome));
  }

  #add(path: string): number {
    const index = this.#paths.length;
    this.#paths.push(path);
    if (index >= this.#sizes.length) {
      const sizes = new Float64Array(index * 2);
      sizes.set(this.#sizes);
      this.#sizes = sizes;
      const digests = Buffer.alloc(index * 2 * DIGEST_BYTES);
      this.#digests.copy(digests);
      this.#digests = digests;
    }
    return index;
  }

  #digestsAt(index: number): FileDigests {
    const at = index * DIGEST_BYTES;
    const sha1 = at + MD5_BYTES;
    const sha256 = sha1 + SHA1_BYTES;
    return {
      size: this.#sizes[index] ?? 0,
      md5: this.#digests.subarray(at, sha1),
      sha1: this.#digests.subarray(sha1, sha256),
      sha256: this.#digests.subarray(sha256, at + DIGEST_BYTES),
    };
  }
}

function reportFile(path: string, outcome: FileDigests | { readonly reason: string }, sink: InputSink): void {
  if ('reason' in outcome) {
    sink.rejectFile(path, outcome.reason, 'rejected');
  } else {
    sink.hash(0, 0, { ...outcome, mask: SAMPLE_MASK }, [path, String(outcome.size)]);
  }
}
