import { resolve } from 'node:path';
import { writeStreamed } from '../../../destinations/write-streamed.ts';
import type { Session } from '../session.ts';
import { visibleLines } from './plain-text.ts';
import { PipeClosed } from './stream-output.ts';

/**
 * Writes batches of text to standard output, or to a file that appears only when it is whole. Ends quietly when the
 * reader of a pipe goes away. Files and pipes get data as it is; a terminal would obey the escape sequences in the names of
 * a dropped list, so it is shown them.
 */
export async function writeTo(
  session: Session,
  out: string | undefined,
  text: AsyncIterable<string>,
  content: 'data' | 'table' = 'data',
  mode?: number,
): Promise<void> {
  const shown = content === 'data' && session.out.isTerminal ? visibleLines : (batch: string): string => batch;
  if (out !== undefined && out !== '-') {
    const path = resolve(session.host.folder, out);
    await writeStreamed(path, text, session.signal, session.placing, mode);
    session.note(`Written to ${path}.`);
    return;
  }
  try {
    for await (const batch of text) {
      session.signal.throwIfAborted();
      await session.out.write(shown(batch));
    }
  } catch (error) {
    if (!(error instanceof PipeClosed)) {
      throw error;
    }
  }
}
