import type { Fault } from '../port.ts';
import type { FileRecord } from './world.ts';

/** A request, read whole. */
export interface ApiRequest {
  readonly method: string;
  /** Path without query and without the API's base path, e.g. `/files/44d8…`. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Path and query exactly as they came, for what is signed. */
  readonly target: string;
  /** Lower-case names; repeated headers joined by a comma. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface ApiAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
  /** Sends it gzipped. */
  readonly gzip?: boolean;
  /** Cuts the connection instead: what was done is done, and nobody is told. */
  readonly lost?: boolean;
}

export type LimitName = 'minute' | 'day' | 'month';

/** What the limits have counted so far, for APIs that tell it. */
export type LimitUse = Readonly<Record<LimitName, { readonly used: number; readonly allowed: number | null }>>;

/** What an API knows when it answers. */
export interface ApiWorld {
  /** The key it accepts. */
  readonly key: string;
  /** Milliseconds since the epoch by the simulator's clock. */
  now(): number;
  /** The file of this digest (any case, any kind), or null when the simulator has no record of it. */
  find(hash: string): FileRecord | null;
  limits(): LimitUse;
  /** A number from 0 up to 1, from the seed: for order and white space, never for a status. */
  random(): number;
}

/**
 * What a request is, before any limit is looked at.
 *
 * - `refused`: answered at once and never counted: wrong key, method or path
 * - `free`: a good question that costs nothing
 * - `asked`: costs `cost` calls; `answer` is made only when the limits allow them, else `overLimit`
 */
export type ApiReading =
  | {
      readonly kind: 'refused' | 'free';
      readonly hashes: readonly string[];
      /** Put into the log beside what every request has there. */
      readonly about?: Readonly<Record<string, unknown>>;
      readonly answer: ApiAnswer;
    }
  | {
      readonly kind: 'asked';
      readonly hashes: readonly string[];
      readonly about?: Readonly<Record<string, unknown>>;
      readonly cost: number;
      /** It is done even when the client has gone before its answer, as a server does that never looks. */
      readonly isDoneAlone?: boolean;
      answer(): ApiAnswer;
      /** `resetsAt`: milliseconds since the epoch at which this many calls are allowed again. */
      overLimit(limit: LimitName, resetsAt: number): ApiAnswer;
    };

/** One outside API as its public documentation describes it. The server adds time, limits, faults and the log. */
export interface SimulatedApi {
  /** Name mixed into what is drawn, so that two APIs disagree about some files. */
  readonly name: string;
  /** Path before every other, e.g. `/api/v3`. A request outside of it is given to `read` with its whole path. */
  readonly basePath: string;
  /** It counts a call only when it answers 200; absent: also when it fails with a fault of its own. */
  readonly countsOnlyOk?: boolean;
  /** What its random faults are drawn from, instead of the usual ones. */
  readonly faults?: readonly Fault[];
  read(request: ApiRequest, world: ApiWorld): ApiReading;
}
