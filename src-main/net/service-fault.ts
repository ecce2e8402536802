/** Where an exchange with ThreatConnect or Tanium went wrong. */
export type ServiceFaultKind =
  /** The Api User, user or token was not accepted. */
  | 'auth'
  /** Accepted, but not allowed to do this. */
  | 'right'
  /** This machine's clock and the server's differ too much for a signature. */
  | 'clock'
  /** The query, or what was to be written, was not accepted; the server's words are in the message. */
  | 'query'
  /** Too much at once: a smaller document may pass. */
  | 'too-large'
  /** What is asked about is not there. */
  | 'gone'
  | 'rate'
  | 'server'
  | 'network'
  | 'tls'
  | 'proxy'
  | 'url'
  /** The answer is not what the interface promises. */
  | 'answer'
  | 'offline'
  /** A required secret or setting is missing. */
  | 'missing'
  | 'aborted';

export interface ServiceFault {
  readonly kind: ServiceFaultKind;
  /** A sentence for people: what happened, where (field or host), what to do; with the server's own words where it gave any. No secret. */
  readonly message: string;
  readonly httpStatus: number | null;
  /** What the server asked to wait; null when it said nothing. */
  readonly retryAfterMs: number | null;
  /** False only when certainly nothing of the request reached the server: a write may be repeated without looking. */
  readonly sent: boolean;
  /** The same request may pass later without anybody doing anything. */
  readonly isPassing: boolean;
}

export type ServiceResult<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly fault: ServiceFault };

/**
 * Asks until it was answered well or the fault is not one that passes: for requests that change nothing when they are sent
 * again. How often and with which waits is for whoever hands it over.
 */
export type Repeat = <R extends { readonly ok: true } | { readonly ok: false; readonly fault: ServiceFault }>(
  ask: () => Promise<R>,
) => Promise<R>;

/** Asks once. */
export const askOnce: Repeat = (ask) => ask();

/** One request as it is recorded. No secret in any field. */
export interface RecordedExchange {
  readonly host: string;
  /** Method and path, e.g. `GET /api/v3/indicators`. */
  readonly label: string;
  readonly httpStatus: number | null;
  readonly elapsedMs: number;
  /** Empty, or what went wrong. */
  readonly message: string;
}
