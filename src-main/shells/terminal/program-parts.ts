import type { Command } from 'commander';
import type { Session } from './session.ts';

/** Runs one command's work in a session; the number it returns becomes the exit code. */
export type Run = (command: Command, work: (session: Session) => Promise<number>) => Promise<void>;

/** What the command groups are built with. */
export interface ProgramParts {
  readonly run: Run;
  /** Seconds since the epoch. */
  readonly now: number;
}

/** Examples as they stand at the end of a help text. */
export function examples(lines: readonly string[]): string {
  return `\nExamples:\n${lines.map((line) => `  ${line}`).join('\n')}`;
}
