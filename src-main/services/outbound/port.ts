import type { OutboundState, QueuePart, RequestView } from '#shared/contract/outbound.ts';
import type { Outcome } from '#shared/domain/outcome.ts';
import type { SourceId } from '#shared/domain/source.ts';

/** Who asks, what waits, and the scheduler that sends while this process is the outbound owner. */
export interface OutboundService {
  state(): Promise<OutboundState>;
  pause(part: QueuePart): Promise<OutboundState>;
  resume(part: QueuePart): Promise<OutboundState>;
  cancel(part: QueuePart): Promise<number>;
  requests(page: {
    readonly source?: SourceId | undefined;
    readonly offset: number;
    readonly limit: number;
  }): Promise<{ readonly total: number; readonly rows: RequestView[] }>;
  requestHashes(requestId: number): Promise<{ readonly hash: string; readonly outcome: Outcome | null }[]>;
  /**
   * Seeks to be the outbound owner from now on (windows, `assay run`, `scan --wait`); the scheduler runs while it is.
   * Returns the giving up: no new request starts, those on their way are awaited up to the deadline.
   */
  seek(): () => Promise<void>;
  /** True while requests are on their way or rows that could be sent now wait, and this process is the owner. */
  isWorking(): boolean;
  /** Settles when nothing of the part waits or is on its way any more, whoever sends it; rejects with CANCELLED. */
  drained(part: QueuePart, signal: AbortSignal): Promise<void>;
  dispose(): Promise<void>;
}
