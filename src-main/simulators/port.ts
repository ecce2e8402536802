/** What a simulator does with a request besides what its public documentation says. */
export type Fault =
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string;
    }
  | { readonly kind: 'html' }
  | { readonly kind: 'garbage' }
  | { readonly kind: 'cut' }
  | { readonly kind: 'truncated' }
  | { readonly kind: 'oversized' }
  | { readonly kind: 'false-gzip' }
  | { readonly kind: 'hang' }
  /** Does what was asked and cuts the connection instead of telling. */
  | { readonly kind: 'lost' }
  /** Answered as ever, after so many more milliseconds. */
  | { readonly kind: 'slow'; readonly ms: number }
  /** Answered as ever: leaves a request out of a script. */
  | { readonly kind: 'none' };

export interface SimulatorOptions {
  /** 0 takes a free port. Always 127.0.0.1. */
  readonly port: number;
  /** The key it accepts. */
  readonly key: string;
  /** Calls it allows; null for no limit. */
  readonly limits: {
    readonly perMinute: number | null;
    readonly perDay: number | null;
    readonly perMonth: number | null;
  };
  /** Milliseconds each answer takes: drawn evenly between the two. */
  readonly latencyMs: { readonly least: number; readonly most: number };
  /** 0 to 1: share of requests met by a random fault (status 500, cut, html), for soak runs. */
  readonly faultShare: number;
  /** Seeds everything random. */
  readonly seed: number;
  /** Milliseconds since the epoch; the simulator's own clock. */
  readonly now: () => number;
  /** Length of its sliding minute, milliseconds; shorter in tests only. */
  readonly minuteMs: number;
  /** Answers by TLS with this certificate instead of plain HTTP. */
  readonly tls: { readonly key: string; readonly cert: string } | null;
  /** Told of each request when its answer is out or its connection is gone. */
  readonly onRequest?: (request: LoggedRequest) => void;
  /** Puts into the log what its files were when it answered. For tests. */
  readonly tellsSaid?: boolean;
  /** Requests that the log keeps, the newest; all without it. For simulators that run for days. */
  readonly keepLog?: number;
}

/** One request as the simulator saw it. */
export interface LoggedRequest {
  /** When its head arrived, milliseconds since the epoch. */
  readonly at: number;
  readonly method: string;
  /** Path without query, and without the name of a user, which may be a key. */
  readonly path: string;
  readonly hashes: readonly string[];
  readonly status: number;
  /** Calls it billed. */
  readonly billed: number;
  /** What it did with the request instead of answering as ever. */
  readonly fault?: Fault['kind'];
  /** What else its API told about the request. */
  readonly about?: Readonly<Record<string, unknown>>;
  /** With `tellsSaid`: each file that was looked for while answering, and what it was then; null for none on record. */
  readonly said?: readonly (readonly [hash: string, status: Exclude<SimulatedFile['status'], 'unknown'> | null])[];
}

/** A server that behaves as the source's public documentation says. Shares no code or types with the adapters. */
export interface Simulator {
  /** `http://127.0.0.1:PORT` plus the path of the API. */
  readonly url: string;
  readonly log: readonly LoggedRequest[];
  /** Answers the next requests so, in order, before anything else is looked at. */
  script(faults: readonly Fault[]): void;
  /** Puts down what it says about a file, instead of what it would draw from the digest. */
  know(file: SimulatedFile): void;
  close(): Promise<void>;
}

export interface SimulatedFile {
  readonly md5?: string;
  readonly sha1?: string;
  readonly sha256: string;
  readonly status: 'malicious' | 'suspicious' | 'non-malicious' | 'pending' | 'unknown';
}
