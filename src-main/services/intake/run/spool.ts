import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pourInto } from '../../../platform/file-stream.ts';
import { intakesFolder } from '../places.ts';
import type { IntakeInput } from '../port.ts';
import type { WireInput } from './messages.ts';

/** Inputs that can cross a thread: a stream is written to a file of its own first. `dispose` removes those. */
export async function spooled(
  directory: string,
  intakeId: number,
  inputs: readonly IntakeInput[],
  signal: AbortSignal,
): Promise<{ readonly inputs: readonly WireInput[]; readonly dispose: () => Promise<void> }> {
  const folder = join(intakesFolder(directory), `.spool-${intakeId}`);
  const dispose = (): Promise<void> => rm(folder, { recursive: true, force: true });
  const wire: WireInput[] = [];
  try {
    for (const [index, input] of inputs.entries()) {
      if (input.kind === 'stream') {
        await mkdir(folder, { recursive: true, mode: 0o700 });
        const path = join(folder, String(index));
        await pourInto(path, input.chunks, signal);
        wire.push({ kind: 'spooled', name: input.name, path });
      } else {
        wire.push(input);
      }
    }
  } catch (error) {
    await dispose();
    throw error;
  }
  return { inputs: wire, dispose };
}
