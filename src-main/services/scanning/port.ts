import type { FlightPlan, ScanRequest } from '#shared/contract/scan.ts';

export interface ScanProgress {
  readonly done: number;
  readonly total: number;
}

export interface ScanStarted {
  /** (hash, source) pairs queued. */
  readonly queued: number;
  readonly alreadyQueued: number;
  /** Neither queued nor put down: the database is at its maximum size and nothing may go. */
  readonly notMade: number;
  /** Hashes that needed no call. */
  readonly without: number;
  /** Hashes no source can be asked about; put down as could not ask. */
  readonly cannot: number;
}

/** Flight plans and what comes of them. */
export interface ScanningService {
  /** Sends and queues nothing. */
  plan(request: ScanRequest, signal: AbortSignal): Promise<FlightPlan>;
  /** Queues what a plan of this moment says. Cancel keeps what was queued so far. */
  start(request: ScanRequest, onProgress: (progress: ScanProgress) => void, signal: AbortSignal): Promise<ScanStarted>;
  /** Queues the new hashes of an intake for the sources whose automatic asking is on. Returns the pairs queued. */
  receive(intakeId: number): Promise<number>;
  /** Settles when the intakes that became ready so far were received. */
  settled(): Promise<void>;
  /** Ends receiving: what is under way is awaited for up to 3 s, then cancelled; what was queued stays. */
  dispose(): Promise<void>;
}
