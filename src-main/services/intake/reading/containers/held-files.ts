import type { InputCounts } from '../../../../intakes/intake-builder.ts';
import { SAMPLE_COLUMNS, SAMPLE_INPUT, SAMPLE_MASK } from '../read-samples.ts';
import type { ReadingSession } from '../session.ts';
import type { FileDigests } from './digester.ts';

interface Hashed extends FileDigests {
  readonly path: string;
}

interface Refused {
  readonly path: string;
  readonly reason: string;
}

/**
 * Files of one container, kept until its end: records of an input follow one another, and lists of the container are
 * inputs of their own that come in between. About 400 bytes each, as many as a container may hold members.
 */
export class HeldFiles {
  readonly #files: (Hashed | Refused)[] = [];
  #first: Hashed | Refused | null = null;
  #hashed = 0;

  get hashed(): number {
    return this.#hashed;
  }

  hash(path: string, digests: FileDigests): void {
    this.#hashed += 1;
    this.#files.push({ path, ...digests });
  }

  refuse(path: string, reason: string): void {
    this.#files.push({ path, reason });
  }

  /** The container itself, which is listed before what it holds. */
  addFirst(path: string, outcome: FileDigests | { readonly reason: string }): void {
    this.#first = { path, ...outcome };
  }

  /** Reports all of them as the records of one input. */
  report(session: ReadingSession): InputCounts {
    const sink = session.builder.startInput(SAMPLE_COLUMNS, SAMPLE_INPUT);
    for (const file of this.#first === null ? this.#files : [this.#first, ...this.#files]) {
      if ('reason' in file) {
        sink.rejectFile(file.path, file.reason, 'rejected');
      } else {
        sink.hash(0, 0, { ...file, mask: SAMPLE_MASK }, [file.path, String(file.size)]);
      }
    }
    return sink.counts;
  }
}
