import { randomUUID } from 'node:crypto';
import { basename } from 'node:path';
import { AppError } from '#shared/errors/app-error.ts';
import type { IntakeInput } from './intake/port.ts';

const MOST_KEPT = 200;

/** Inputs a window may name but never see: dropped and chosen paths, pasted text. The oldest are forgotten. */
export interface HandleStore {
  addPaths(paths: readonly string[]): { readonly handle: string; readonly names: readonly string[] };
  addText(name: string, text: string): string;
  /** The inputs behind a handle. NOT_FOUND with a sentence when it was never given or is forgotten. */
  inputs(handle: string): readonly IntakeInput[];
  /** The single file behind a handle, for calls that read one. */
  singlePath(handle: string): string;
}

export function createHandleStore(): HandleStore {
  const kept = new Map<string, readonly IntakeInput[]>();

  const keep = (inputs: readonly IntakeInput[]): string => {
    const handle = randomUUID();
    kept.set(handle, inputs);
    const oldest = kept.keys().next();
    if (kept.size > MOST_KEPT && oldest.done !== true) {
      kept.delete(oldest.value);
    }
    return handle;
  };

  const inputs = (handle: string): readonly IntakeInput[] => {
    const found = kept.get(handle);
    if (found === undefined) {
      throw new AppError('NOT_FOUND', 'These files are no longer held open. Drop or choose them again.');
    }
    return found;
  };

  return {
    addPaths: (paths) => ({
      handle: keep(paths.map((path) => ({ kind: 'path', path }))),
      names: paths.map((path) => basename(path)),
    }),
    addText: (name, text) => keep([{ kind: 'text', name, text }]),
    inputs,
    singlePath(handle) {
      const [first, second] = inputs(handle);
      if (first?.kind !== 'path' || second !== undefined) {
        throw new AppError('INVALID_ARGUMENT', 'One file is needed here.');
      }
      return first.path;
    },
  };
}
