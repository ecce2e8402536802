import { AppError } from '#shared/errors/app-error.ts';
import { reasonOf } from '../../../destinations/not-writable.ts';
import type { TerminalStream } from '../host.ts';

/** The reader of the pipe went away (`| head`). Nothing is wrong; there is nobody left to write to. */
export class PipeClosed extends Error {
  constructor() {
    super('the reader closed the pipe');
    this.name = 'PipeClosed';
  }
}

/** Text to a stream, waiting when the reader is slower. */
export interface Output {
  readonly isTerminal: boolean;
  /** Characters per line; null when it is not a terminal and lines may be as long as they are. */
  readonly width: number | null;
  /** Rejects with PipeClosed once the reader went away, with NOT_WRITABLE when writing failed (disk full). */
  write(text: string): Promise<void>;
  /** Resolves when everything written has left the process. */
  flush(): Promise<void>;
  /** Why not everything could be written; null where it was, or where the reader went away. */
  failure(): AppError | null;
}

/** Columns of a terminal; 80 for one that does not know, or says 0. */
export function widthOf(stream: TerminalStream): number {
  return stream.columns !== undefined && stream.columns > 0 ? stream.columns : 80;
}

export function createOutput(stream: TerminalStream): Output {
  let failure: PipeClosed | AppError | null = null;
  const waiting = new Set<() => void>();
  const wake = (): void => {
    for (const call of waiting) {
      call();
    }
    waiting.clear();
  };
  stream.on('error', (error: NodeJS.ErrnoException) => {
    failure ??= error.code === 'EPIPE' || error.code === 'EOF' ? new PipeClosed() : notWhole(error);
    wake();
  });
  stream.on('close', () => {
    failure ??= new PipeClosed();
    wake();
  });
  stream.on('drain', wake);

  const throwFailure = (): void => {
    if (failure !== null) {
      throw failure;
    }
  };
  return {
    isTerminal: stream.isTTY === true,
    width: stream.isTTY === true ? Math.max(40, widthOf(stream)) : null,
    async write(text) {
      throwFailure();
      if (!stream.write(text)) {
        await new Promise<void>((resolve) => waiting.add(resolve));
        throwFailure();
      }
    },
    async flush() {
      if (failure === null) {
        await new Promise<void>((resolve) => {
          waiting.add(resolve);
          stream.write('', () => resolve());
        });
      }
    },
    failure: () => (failure instanceof PipeClosed ? null : failure),
  };
}

function notWhole(cause: Error): AppError {
  const why = `The output could not be written whole (${reasonOf(cause)}).`;
  return new AppError('NOT_WRITABLE', `${why} Free some space or write it elsewhere.`, { cause });
}
