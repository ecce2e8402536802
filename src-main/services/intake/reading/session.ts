import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises';
import type { IntakeBuilder } from '../../../intakes/intake-builder.ts';
import type { EntrySource } from '../../triage/port.ts';
import type { PauseSwitch } from './pause-switch.ts';

/** Longest time without letting timers, signals and messages in, in milliseconds. */
const TURN_MS = 25;
const PROGRESS_MS = 100;
/** How soon reading goes on after a pause, in milliseconds. */
const PAUSED_MS = 50;
/** A first look is taken at this many hashes, so that 20,000 are left without the duplicates of most lists, or after this time with fewer. */
const FIRST_LOOK_HASHES = 24_000;
const FIRST_LOOK_MS = 200;
const NEXT_LOOK_MS = 1_000;
/** Beyond this a first look would take longer than it helps. */
const LAST_LOOK_HASHES = 400_000;

export interface SessionHooks {
  /** At most every 100 ms. `bytesTotal` is null while it is not known. */
  onProgress(bytesDone: number, records: number, bytesTotal: number | null): void;
  /** Hashes read so far, to be judged while reading goes on; absent: nobody looks. */
  readonly onLook?: (source: EntrySource) => void;
  isCancelled(): boolean;
  /** Absent: nobody can pause. */
  readonly pause?: PauseSwitch;
}

/** What one reading run shares between its inputs: bytes and records done, turns, progress, first looks. */
export class ReadingSession {
  readonly builder: IntakeBuilder;
  readonly #hooks: SessionHooks;
  readonly #started = performance.now();
  #bytes = 0;
  #bytesTotal: number | null = null;
  #records = 0;
  #turnAt = performance.now();
  #progressAt = 0;
  #lookAt = 0;
  #lookHashes = 0;

  constructor(builder: IntakeBuilder, hooks: SessionHooks) {
    this.builder = builder;
    this.#hooks = hooks;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Null while it is not known. */
  get bytesTotal(): number | null {
    return this.#bytesTotal;
  }

  get isCancelled(): boolean {
    return this.#hooks.isCancelled();
  }

  get pause(): PauseSwitch | undefined {
    return this.#hooks.pause;
  }

  /** What all inputs together hold, once that is known. */
  expect(bytesTotal: number): void {
    this.#bytesTotal = bytesTotal;
  }

  /** A file turned out to be so much longer than it looked, or shorter. */
  expectMore(bytes: number): void {
    this.#bytesTotal = this.#bytesTotal === null ? null : this.#bytesTotal + bytes;
  }

  countBytes(bytes: number): void {
    this.#bytes += bytes;
  }

  countRecords(records: number): void {
    this.#records += records;
  }

  /** Call between chunks and files: tells progress, takes a first look, lets others run when it is time, waits while paused. */
  async breathe(): Promise<void> {
    while (this.pause?.isPaused === true && !this.isCancelled) {
      await delay(PAUSED_MS);
    }
    const now = performance.now();
    this.#look(now);
    if (now - this.#progressAt >= PROGRESS_MS) {
      this.#progressAt = now;
      this.#hooks.onProgress(this.#bytes, this.#records, this.#bytesTotal);
    }
    if (now - this.#turnAt >= TURN_MS) {
      await nextTurn();
      this.#turnAt = performance.now();
    }
  }

  #look(now: number): void {
    const hashes = this.builder.occurrences;
    if (this.#hooks.onLook === undefined || hashes === 0 || hashes > LAST_LOOK_HASHES) {
      return;
    }
    // On a slow start the time comes first; the hashes are owed all the same.
    const isFirst = this.#lookHashes < FIRST_LOOK_HASHES && hashes >= FIRST_LOOK_HASHES;
    const isDue =
      this.#lookHashes === 0
        ? isFirst || now - this.#started >= FIRST_LOOK_MS
        : isFirst || (hashes >= this.#lookHashes * 2 && now - this.#lookAt >= NEXT_LOOK_MS);
    if (isDue) {
      this.#hooks.onLook(this.builder.preview());
      this.#lookHashes = hashes;
      this.#lookAt = performance.now();
    }
  }
}
