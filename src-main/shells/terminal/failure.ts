import { ERROR_CODES, isAppError } from '#shared/errors/app-error.ts';
import { EXIT } from './exit-codes.ts';
import { PipeClosed } from './output/stream-output.ts';
import type { Session } from './session.ts';

/**
 * Says on standard error, in one sentence, why a command failed and returns its exit code. A stopped command is not a
 * failure, and nobody is told that they closed the pipe themselves. ASSAY_DEBUG=1 shows the stack.
 */
export function failureOf(session: Session, error: unknown): number {
  if (error instanceof PipeClosed) {
    return session.stoppedCode() ?? EXIT.done;
  }
  const stopped = session.stoppedCode();
  if (stopped !== null) {
    session.warn(isAppError(error) && error.code === 'CANCELLED' ? error.message : 'Cancelled.');
    return stopped;
  }
  if (isAppError(error)) {
    session.warn(`assay: ${error.message}`);
    showStack(session, error);
    return ERROR_CODES[error.code].exit;
  }
  const message = error instanceof Error ? error.message.split('\n')[0] : String(error);
  const system = error instanceof Error && 'syscall' in error;
  session.warn(system ? `assay: ${message}` : `assay: unexpected: ${message}. ASSAY_DEBUG=1 shows where.`);
  showStack(session, error);
  return EXIT.nothing;
}

function showStack(session: Session, error: unknown): void {
  if (session.host.env['ASSAY_DEBUG'] === '1' && error instanceof Error) {
    for (const line of (error.stack ?? '').split('\n').slice(1)) {
      session.warn(line);
    }
  }
}
