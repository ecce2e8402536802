import type { InputFileView } from '#shared/contract/intake.ts';
import { AppError, isAppError } from '#shared/errors/app-error.ts';
import type { Host } from '../../host.ts';
import { fileText, standardInputText } from '../../inputs.ts';
import { counted } from '../../output/numbers.ts';
import { visible } from '../../output/plain-text.ts';
import { askUnseen } from '../../secret-input.ts';
import type { Session } from '../../session.ts';

/** A file of passwords is short; anything longer is the wrong file. */
const LONGEST_FILE = 64 * 1024;
const MOST = 8;
const LONGEST = 200;

/**
 * The passwords a file names, one in a line, or standard input for `-`. INVALID_ARGUMENT when there are none or too many;
 * no message repeats one.
 */
export async function passwordsFrom(host: Host, file: string, signal: AbortSignal): Promise<string[]> {
  const text =
    file === '-'
      ? await standardInputText(host, LONGEST_FILE, signal)
      : await fileText(host, file, LONGEST_FILE, signal, 'it is no file of passwords.');
  const passwords = text
    .replace(/^\ufeff/, '')
    .split(/\r?\n/)
    .filter((line) => line !== '');
  if (passwords.length === 0 || passwords.length > MOST || passwords.some((line) => line.length > LONGEST)) {
    throw new AppError(
      'INVALID_ARGUMENT',
      `--password-file takes 1 to ${MOST} passwords of at most ${LONGEST} characters, one in a line.`,
    );
  }
  return passwords;
}

/**
 * The passwords of `--password-file` for inputs that are read; none without it. INVALID_ARGUMENT as well when standard input
 * is one of the inputs and the file.
 */
export async function passwordsOf(
  session: Session,
  files: readonly string[],
  passwordFile: string | undefined,
): Promise<readonly string[]> {
  if (passwordFile === undefined) {
    return [];
  }
  if (passwordFile === '-' && (files.length === 0 || files.includes('-'))) {
    throw new AppError('INVALID_ARGUMENT', 'Standard input is either the list or the passwords. Name a file for one.');
  }
  return passwordsFrom(session.host, passwordFile, session.signal);
}

/**
 * A password typed at the terminal for what could not be opened; null where nobody can be asked, and for an empty one.
 * It is not shown and goes nowhere else.
 */
export async function askPassword(session: Session, inputs: readonly InputFileView[]): Promise<string | null> {
  const locked = inputs.filter((input) => input.needsPassword === true);
  const [first] = locked;
  if (first === undefined) {
    return null;
  }
  const what = locked.length === 1 ? first.name : counted(locked.length, 'encrypted archive');
  if (session.host.stdin.isTTY !== true || session.host.stderr.isTTY !== true) {
    return null;
  }
  session.progress.clear();
  // Names come out of archives: none of them writes to the terminal on its own.
  const question = visible(`Password of ${what} (not shown, Enter for none): `);
  try {
    const typed = await askUnseen(session.host, question, session.signal);
    return typed === '' ? null : typed;
  } catch (error) {
    throw isAppError(error) && error.code === 'CANCELLED'
      ? new AppError('CANCELLED', 'Cancelled. What could be read is kept as an intake.', { cause: error })
      : error;
  }
}

/** What to do about archives that no password opened. */
export function lockedLine(inputs: readonly InputFileView[]): string {
  const locked = inputs.filter((input) => input.needsPassword === true);
  const name = locked[0]?.name ?? '';
  const what = locked.length === 1 ? name : `${counted(locked.length, 'input')} (${name} first)`;
  return `${what}: something is encrypted and no password given opens it. --password-file FILE names passwords.`;
}
