import type { RefusalKind } from '../../../../formats/containers/port.ts';
import type { ReadInput } from '../read-list.ts';
import type { ReadingSession } from '../session.ts';
import type { FileDigests } from './digester.ts';
import { HeldFiles } from './held-files.ts';

/** What the members of one container came to so far. Each is found once and then hashed, refused or an input of its own. */
export class Members {
  readonly files = new HeldFiles();
  readonly #session: ReadingSession;
  readonly #inputs: ReadInput[] = [];
  #found = 0;
  #elsewhere = 0;
  #encrypted = 0;
  #unopened = 0;

  constructor(session: ReadingSession) {
    this.#session = session;
  }

  /** Lists inside and what came of containers inside, in the order they were started. */
  get inputs(): readonly ReadInput[] {
    return this.#inputs;
  }

  /** Members that are records of the container itself, counted when they were found. */
  get records(): number {
    return this.#found - this.#elsewhere;
  }

  /** Members no password opens. */
  get encrypted(): number {
    return this.#encrypted;
  }

  /** Containers inside that were only hashed, for they lie too deep or are too large. */
  get unopened(): number {
    return this.#unopened;
  }

  find(): void {
    this.#found += 1;
  }

  hash(path: string, digests: FileDigests): void {
    this.files.hash(path, digests);
    this.#session.countRecords(1);
  }

  refuse(path: string, reason: string, why: RefusalKind): void {
    this.#encrypted += why === 'encrypted' ? 1 : 0;
    this.files.refuse(path, reason);
    this.#session.countRecords(1);
  }

  /** The member last found became inputs of its own. */
  becameInputs(inputs: readonly ReadInput[]): void {
    this.#elsewhere += 1;
    for (const input of inputs) {
      this.#inputs.push(input);
    }
  }

  /** The member last found was not read to its end, for somebody cancelled: it is no record. */
  wasCut(): void {
    this.#elsewhere += 1;
  }

  /** The container last found is hashed like any other file. */
  isUnopened(): void {
    this.#unopened += 1;
  }
}
