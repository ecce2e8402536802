import { grouped } from '#shared/domain/grouped.ts';
import type { z } from 'zod';
import { calls, type CallName, type Handlers, type Reply } from '#shared/contract/index.ts';
import { failureOf, refusal, type DefectListener } from './envelope.ts';

/** Most files of one drop; more than that is dropped as a folder. */
const MOST_FILES = 10_000;
const LONGEST_PATH = 32_768;

export interface RegisteredFiles {
  readonly handle: string;
  readonly names: readonly string[];
}

export interface RouterParts<Sender> {
  readonly handlers: Handlers;
  /** Whether a message comes from the top frame of a page Assay served into a window of its own. */
  readonly trusts: (sender: Sender) => boolean;
  readonly registerPaths: (paths: readonly string[]) => RegisteredFiles;
  readonly onDefect: DefectListener;
}

/** Both doors of a window into main. Never rejects: every outcome is an envelope. */
export interface Router<Sender> {
  call(sender: Sender, name: unknown, input: unknown): Promise<Reply<unknown>>;
  /** Keeps dropped or chosen paths under a handle. Names go back, paths do not. */
  registerFiles(sender: Sender, paths: unknown): Promise<Reply<RegisteredFiles>>;
}

/** Sender check, then parse (unknown keys refused), then the handler, then the envelope: for every call alike. */
export function createRouter<Sender>(parts: RouterParts<Sender>): Router<Sender> {
  const stranger = (): Reply<never> => refusal('FORBIDDEN', 'This page is not a window of Assay.');

  return {
    async call(sender, name, input) {
      if (!parts.trusts(sender)) {
        return stranger();
      }
      if (!isCallName(name)) {
        return refusal('INVALID_ARGUMENT', 'There is no such call.');
      }
      try {
        const parsed = calls[name].input.safeParse(input);
        if (!parsed.success) {
          return refusal('INVALID_ARGUMENT', `${name}: ${sentenceOf(parsed.error)}`);
        }
        const handler = parts.handlers[name] as (argument: unknown) => unknown;
        return { ok: true, value: await handler(parsed.data) };
      } catch (error) {
        return failureOf(name, error, parts.onDefect);
      }
    },

    async registerFiles(sender, paths) {
      if (!parts.trusts(sender)) {
        return stranger();
      }
      try {
        if (!isPathList(paths)) {
          return refusal(
            'INVALID_ARGUMENT',
            `Between 1 and ${grouped(MOST_FILES)} files can be read at once. For more, drop the folder itself.`,
          );
        }
        const onDisk = paths.filter((path) => path !== '');
        if (onDisk.length === 0) {
          return refusal('UNREADABLE', 'What was dropped is not a file on this machine. Save it first, then drop it.');
        }
        return { ok: true, value: parts.registerPaths(onDisk) };
      } catch (error) {
        return failureOf('registerFiles', error, parts.onDefect);
      }
    },
  };
}

function isCallName(name: unknown): name is CallName {
  return typeof name === 'string' && Object.hasOwn(calls, name);
}

function isPathList(value: unknown): value is readonly string[] {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.length <= MOST_FILES &&
    value.every((path) => typeof path === 'string' && path.length <= LONGEST_PATH && !path.includes('\0'))
  );
}

/** The first thing wrong and where; never the value itself, which may be large or secret. */
function sentenceOf(error: z.ZodError): string {
  const [issue] = error.issues;
  if (issue === undefined) {
    return 'the input does not fit.';
  }
  const where = issue.path.length === 0 ? 'input' : issue.path.map(String).join('.');
  return `${where}: ${issue.message}`;
}
