import { createInterface } from 'node:readline/promises';
import type { Session } from '../session.ts';

/** Asks on the terminal; anything but y or yes is no, and so is a request to stop. */
export async function askYes(session: Session, question: string): Promise<boolean> {
  const lines = createInterface({ input: session.host.stdin, output: session.host.stderr });
  try {
    const answer = await lines.question(`${question} [y/N] `, { signal: session.signal });
    return /^y(?:es)?$/i.test(answer.trim());
  } catch (error) {
    if (session.signal.aborted) {
      return false;
    }
    throw error;
  } finally {
    lines.close();
  }
}
