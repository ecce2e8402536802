import { AppError } from '#shared/errors/app-error.ts';
import type { Host } from './host.ts';
import { standardInputText } from './inputs.ts';

const LONGEST = 4_096;
const CTRL_C = '\u0003';
const CTRL_D = '\u0004';
const ERASE = new Set(['\u007f', '\b']);

/** A terminal whose echo can be switched off. */
interface RawInput {
  setRawMode?(on: boolean): unknown;
}

/** What is typed at a prompt, unseen. Refuses where standard input is no terminal: say `--key-stdin` there. */
export async function askUnseen(host: Host, question: string, signal: AbortSignal): Promise<string> {
  const input = host.stdin as Host['stdin'] & RawInput;
  if (input.isTTY !== true || typeof input.setRawMode !== 'function') {
    throw new AppError(
      'INVALID_ARGUMENT',
      'There is no terminal to type a key at. Pipe it with --key-stdin, or set the environment variable.',
    );
  }
  host.stderr.write(question);
  input.setRawMode(true);
  try {
    return await typedLine(input, signal);
  } finally {
    input.setRawMode(false);
    input.pause();
    host.stderr.write('\n');
  }
}

/** One line piped in; anything after it is refused, because a key is one line. */
export async function readPiped(host: Host, signal: AbortSignal): Promise<string> {
  const text = (await standardInputText(host, LONGEST, signal)).replace(/\r?\n$/, '');
  if (text === '' || /[\r\n]/.test(text)) {
    throw new AppError('INVALID_ARGUMENT', 'Standard input must hold exactly one line: the key.');
  }
  return text;
}

function typedLine(input: Host['stdin'], signal: AbortSignal): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  let typed = '';
  const stop = (): void => reject(new AppError('CANCELLED', 'Cancelled. No key was kept.'));
  const hear = (data: Buffer | string): void => {
    for (const char of data.toString('utf8')) {
      if (char === '\r' || char === '\n') {
        resolve(typed);
        return;
      }
      if (char === CTRL_C || char === CTRL_D) {
        stop();
        return;
      }
      typed = ERASE.has(char) ? Array.from(typed).slice(0, -1).join('') : (typed + char).slice(0, LONGEST);
    }
  };
  input.on('data', hear);
  signal.addEventListener('abort', stop, { once: true });
  return promise.finally(() => {
    input.off('data', hear);
    signal.removeEventListener('abort', stop);
  });
}
