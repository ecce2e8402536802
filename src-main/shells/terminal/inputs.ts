import { createReadStream } from 'node:fs';
import { access, constants, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { AppError } from '#shared/errors/app-error.ts';
import type { IntakeInput } from '../../services/intake/port.ts';
import { pipeBytes } from '../../platform/named-pipe.ts';
import type { Host } from './host.ts';

/**
 * Standard input as chunks of bytes. A request to stop ends it like its own end: whoever types or pipes may go on for
 * ever, and what came so far is to be kept.
 */
export async function* standardInput(host: Host, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const chunks = host.stdin[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
  while (!signal.aborted) {
    const next = await unlessStopped(chunks.next(), signal);
    if (next === null || next.done === true) {
      return;
    }
    yield next.value;
  }
}

/** What is waited for, or null once the signal came. Nothing of it outlives the wait: an input may go on for days. */
function unlessStopped<T>(waited: Promise<T>, signal: AbortSignal): Promise<T | null> {
  return new Promise((resolve, reject) => {
    const stop = (): void => resolve(null);
    signal.addEventListener('abort', stop, { once: true });
    waited.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}

/** A file of the command line as chunks of bytes, which end early when a stop is asked for: also where it is a silent pipe. */
export async function* fileBytes(path: string, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  if (!(await stat(path)).isFile()) {
    yield* pipeBytes(path, signal);
    return;
  }
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 }) as AsyncIterable<Uint8Array>) {
    yield chunk;
    if (signal.aborted) {
      return;
    }
  }
}

/** Files from the command line as inputs; `-`, or nothing with a pipe attached, is standard input. */
export function inputsOf(host: Host, files: readonly string[], signal: AbortSignal): IntakeInput[] {
  const named = files.length === 0 && host.stdin.isTTY !== true ? ['-'] : files;
  if (named.length === 0) {
    throw new AppError('INVALID_ARGUMENT', 'Name a file or folder to triage, or - for standard input.');
  }
  if (named.filter((name) => name === '-').length > 1) {
    throw new AppError('INVALID_ARGUMENT', 'Standard input (-) can be read once only.');
  }
  return named.map((name) =>
    name === '-'
      ? { kind: 'stream', name: 'standard input', chunks: standardInput(host, signal) }
      : { kind: 'path', path: resolve(host.folder, name) },
  );
}

/** The whole of standard input as text; refuses more than `most` bytes. */
export function standardInputText(host: Host, most: number, signal: AbortSignal): Promise<string> {
  return textOf(
    standardInput(host, signal),
    most,
    signal,
    `Standard input is longer than ${sizeText(most)}. Split it.`,
  );
}

/** The whole of a short file or pipe as text; refuses more than `most` bytes, with `advice` behind the size. */
export async function fileText(
  host: Host,
  name: string,
  most: number,
  signal: AbortSignal,
  advice: string,
): Promise<string> {
  const path = await readableFile(host, name);
  return textOf(fileBytes(path, signal), most, signal, `${name} is longer than ${sizeText(most)}: ${advice}`);
}

async function textOf(
  chunks: AsyncIterable<Uint8Array>,
  most: number,
  signal: AbortSignal,
  tooLong: string,
): Promise<string> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    size += chunk.length;
    if (size > most) {
      throw new AppError('INVALID_ARGUMENT', tooLong);
    }
    parts.push(chunk);
  }
  signal.throwIfAborted();
  return Buffer.concat(parts).toString('utf8');
}

function sizeText(bytes: number): string {
  const kibibytes = bytes / 1024;
  return kibibytes < 1024 ? `${kibibytes} KiB` : `${kibibytes / 1024} MiB`;
}

/** The absolute path of a file that can be read; UNREADABLE with the reason otherwise. */
export async function readableFile(host: Host, name: string): Promise<string> {
  const path = resolve(host.folder, name);
  try {
    const found = await stat(path);
    if (found.isDirectory()) {
      throw new AppError('UNREADABLE', `${name} cannot be read: it is a folder.`);
    }
    await access(path, constants.R_OK);
    return path;
  } catch (error) {
    throw error instanceof AppError
      ? error
      : new AppError('UNREADABLE', `${name} cannot be read: ${reasonOf(error)}.`, { cause: error });
  }
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return 'there is no such file';
  }
  return code === 'EACCES' || code === 'EPERM' ? 'access is denied' : `the system says ${code}`;
}
