import { constants, createReadStream } from 'node:fs';
import { access, open, type FileHandle } from 'node:fs/promises';
import { setImmediate, setTimeout } from 'node:timers/promises';

/** What a pipe holds at once on Linux: a read never gives more. */
const CHUNK_BYTES = 64 * 1024;
/** Whoever writes without a break is back before this many looks are done; only then the looks are paced. */
const QUICK_LOOKS = 2;
const LONGEST_PAUSE_MS = 16;
const WAKE_MS = 5;
const { O_RDONLY, O_WRONLY, O_NONBLOCK, O_NOCTTY } = constants;
const AT_ONCE = O_RDONLY | O_NONBLOCK | O_NOCTTY;
/** O_PATH of Linux, which Node does not name. */
const FOUND_ONLY = 0o10000000;

/**
 * The bytes of a named pipe or a device: waits for somebody to write, and ends when all who wrote are gone, or soon after
 * `signal` is aborted. No thread is left waiting then, whatever became of the name, which would keep the process from
 * ending. Rejects with the system's error where it cannot be opened or read.
 */
export async function* pipeBytes(
  path: string,
  signal: AbortSignal,
  isTold = process.platform === 'linux',
): AsyncGenerator<Uint8Array> {
  if (process.platform === 'win32') {
    yield* streamBytes(path, signal);
    return;
  }
  const met = isTold ? await metWriter(path, signal) : null;
  if (met === null && signal.aborted) {
    // The name may be gone since the pipe was found: nobody wants to know.
    return;
  }
  const pipe = met ?? (await open(path, AT_ONCE));
  try {
    let isWritten = met !== null || !(await pipe.stat()).isFIFO();
    let chunk = Buffer.allocUnsafeSlow(CHUNK_BYTES);
    let looks = 0;
    while (!signal.aborted) {
      const size = await readNow(pipe, chunk);
      isWritten ||= size !== 0;
      if (size === 0 && isWritten) {
        return;
      }
      if (size === 0 || size === null) {
        looks += 1;
        await pause(looks, signal);
      } else {
        looks = 0;
        yield chunk.subarray(0, size);
        chunk = Buffer.allocUnsafeSlow(CHUNK_BYTES);
      }
    }
  } finally {
    await pipe.close();
  }
}

/**
 * A pipe that somebody has opened to write, also somebody who wrote nothing and is gone: Linux tells. Null for what is no
 * pipe and where nobody could end the wait: a pipe that may only be read, or a system that does not show open files.
 */
async function metWriter(path: string, signal: AbortSignal): Promise<FileHandle | null> {
  // Found and not opened yet: by this it is reached though its name may be gone or another's by now.
  const place = await open(path, FOUND_ONLY);
  try {
    const again = nameOf(place);
    const isWakeable = (await place.stat()).isFIFO() && (await mayBoth(again));
    if (!isWakeable || signal.aborted) {
      return null;
    }
    const waiting = await openedBoth(again, signal);
    try {
      return await open(nameOf(waiting), AT_ONCE);
    } finally {
      await waiting.close();
    }
  } finally {
    await place.close();
  }
}

/** Waits in the opening of a pipe for its other end, which is opened here once nobody waits any more. */
async function openedBoth(pipe: string, signal: AbortSignal): Promise<FileHandle> {
  const opening = open(pipe, O_RDONLY);
  const settled = opening.then(
    () => true,
    () => true,
  );
  const stopped = Promise.withResolvers<false>();
  const stop = (): void => stopped.resolve(false);
  signal.addEventListener('abort', stop, { once: true });
  let isOver = await Promise.race([settled, stopped.promise]);
  signal.removeEventListener('abort', stop);
  while (!isOver) {
    // Refused until the opening has really begun; held until it has ended.
    const writer = await open(pipe, O_WRONLY | O_NONBLOCK).catch(() => null);
    isOver = await Promise.race([settled, setTimeout(WAKE_MS, false)]);
    await writer?.close();
  }
  return opening;
}

function nameOf({ fd }: FileHandle): string {
  return `/proc/self/fd/${fd}`;
}

function mayBoth(path: string): Promise<boolean> {
  return access(path, constants.R_OK | constants.W_OK).then(
    () => true,
    () => false,
  );
}

/** Reads what is there: 0 bytes when nobody has it open to write, null when somebody has and is silent. */
async function readNow(pipe: FileHandle, into: Uint8Array): Promise<number | null> {
  try {
    return (await pipe.read(into, 0, into.length, null)).bytesRead;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EAGAIN') {
      return null;
    }
    throw error;
  }
}

async function pause(looks: number, signal: AbortSignal): Promise<void> {
  if (looks <= QUICK_LOOKS) {
    await setImmediate();
    return;
  }
  const longer = Math.min(LONGEST_PAUSE_MS, 2 ** (looks - QUICK_LOOKS - 1));
  // Aborted: whoever waits looks at the signal next.
  await setTimeout(longer, undefined, { signal }).catch(() => undefined);
}

async function* streamBytes(path: string, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const bytes = createReadStream(path);
  const stop = (): void => void bytes.destroy();
  signal.addEventListener('abort', stop, { once: true });
  try {
    yield* bytes;
  } catch (error) {
    if (!signal.aborted) {
      throw error;
    }
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
