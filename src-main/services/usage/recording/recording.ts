import type { Database } from '../../../db/port.ts';
import type { Timer } from '../../../jobs/outbound/port.ts';
import { createCacheAge } from './cache-age.ts';
import { startSampling } from './sampling.ts';

export interface RecordingParts {
  readonly database: Database;
  /** Bytes as the maximum size counts them. */
  readonly size: () => Promise<{ readonly bytes: number }>;
  readonly onFault: (error: unknown) => void;
}

/** What is recorded for the board beside the work itself. */
export interface Recording {
  /** What the outbound owner does for it. Returns the end of it. */
  startSampling(timer: Timer): () => Promise<void>;
}

export function createRecording(parts: RecordingParts): Recording {
  const { database, size, onFault } = parts;
  return {
    startSampling: (timer) => startSampling({ database, size, slow: [createCacheAge(database)], timer, onFault }),
  };
}
